/** Captions of the levels of the event log, worded as Kinesis Agent's LevelDisplayName. */

/** Level 0 (LogAlways) reads the same as 4. */
const CAPTIONS = ['Informational', 'Critical', 'Error', 'Warning', 'Informational', 'Verbose'] as const;

/** The caption of a level, 0 to 5 as a number or its decimal text; undefined for anything else. */
export const levelCaption = (level: unknown): string | undefined => {
  const number = typeof level === 'string' && /^\d$/.test(level.trim()) ? Number(level) : level;
  return typeof number === 'number' ? CAPTIONS[number] : undefined;
};
