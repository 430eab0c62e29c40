/** Numbers as Sysmon writes them. */
import type { Converter } from '../converter.ts';

/** Sysmon's numbers are unsigned: decimal, or hexadecimal behind 0x. Undefined for anything else. */
export function parseInteger(text: string): number | undefined {
  const { length } = text;
  if (length === 0 || length > 16) return undefined;
  let value = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return parseHex(text);
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

const ZERO = 48;

function parseHex(text: string): number | undefined {
  if (!/^0[xX][0-9A-Fa-f]{1,14}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

export const integer: Converter = {
  name: 'integer',
  summary: 'a decimal or 0x… number ► integer',
  output: { type: 'long_t' },
  lossless: true,
  convert: parseInteger,
};
