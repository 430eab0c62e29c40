/** Text that outlives the event it came from. */

/**
 * The same text in memory of its own. A part of a text keeps the whole of it alive in V8, so what is remembered for
 * long, a GUID or an image, would hold the whole record.
 */
export const ownText = (text: string): string => JSON.parse(JSON.stringify(text)) as string; // true: the JSON of a text
