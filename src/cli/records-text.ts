/** The records of a golden pair as text that people review: pretty-printed JSON. */
import type { Json, JsonObject } from './difference.ts';

/** Columns of a line, at most, where a list may stand on one: the printWidth of .prettierrc.json. */
const WIDTH_MAX = 110;

/** JSON as prettier prints it: one key a line, but a list of texts or numbers on one line where it fits. Ends in `\n`. */
export const recordsText = (records: readonly Json[]): string => `${print(records, '', 0, 0)}\n`;

/** `taken`: columns of the line before the value; `behind`: the comma after it. */
function print(value: Json, indent: string, taken: number, behind: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (isList(value)) {
    const oneLine = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isFlat = value.every((item) => typeof item !== 'object' || item === null);
    if (isFlat && taken + oneLine.length + behind <= WIDTH_MAX) return oneLine;
    const last = value.length - 1;
    const items = value.map((item, i) => inner + print(item, inner, inner.length, i < last ? 1 : 0));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const last = entries.length - 1;
  const lines = entries.map(([key, item], i) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + print(item, inner, name.length, i < last ? 1 : 0);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);
