/** Text in the place of an address that is none. */
import { canonicalIp } from '../coerce.ts';
import type { Converter } from '../converter.ts';

/** OCSF refuses an endpoint with neither address nor name; damaged text is at least a name to search by. */
export const unlessIp: Converter = {
  name: 'unless_ip',
  summary: 'a text that should be an IP address and is none ► the text, as a name; absent for an address',
  output: { type: 'string_t' },
  lossless: false,
  convert: (text) => (canonicalIp(text) === undefined ? text : ''),
};
