/** Text that Sysmon puts into quotation marks. */
import type { Converter } from '../converter.ts';

/** Sysmon writes the texts of WMI events as ` "text"`, with a blank in front. */
const QUOTED = /^\s*"(.*)"\s*$/s;

export const unquoted: Converter = {
  name: 'unquoted',
  summary: 'a text in double quotes ► the text; any other text as it is',
  output: { type: 'string_t' },
  lossless: false,
  convert: (text) => QUOTED.exec(text)?.[1] ?? text.trim(),
};
