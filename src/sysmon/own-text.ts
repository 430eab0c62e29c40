/** Text that outlives the event it came from. */

/**
 * The same texts in memory of their own. A part of a text keeps the whole of it alive in V8, so what is remembered for
 * long, a GUID or an image, would hold the whole record.
 */
export const ownTexts = (texts: readonly string[]): string[] => JSON.parse(JSON.stringify(texts)) as string[]; // true: the JSON of texts

/** One text alone. */
export const ownText = (text: string): string => JSON.parse(JSON.stringify(text)) as string; // true: the JSON of a text
