/** Scalars as text and as JSON. */
import type { Scalar } from './value.ts';

export const isEmpty = (value: Scalar): boolean => value === null || value === '';

/** One value as the JSON value that it is, several as one string. */
export const jsonOf = (texts: readonly Scalar[]): string => {
  const [only = null] = texts;
  return JSON.stringify(texts.length <= 1 ? only : texts.map(String).join(''));
};
