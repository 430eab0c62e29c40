/** Hash lists as Sysmon writes them, `SHA256=…,IMPHASH=…`. */
import type { OcsfValue } from '../../ocsf/column.ts';
import type { Converter } from '../converter.ts';

/**
 * Sysmon's hash names with OCSF's algorithm_id and caption, and the length of a value in hexadecimal digits.
 * OCSF gives IMPHASH an id of its own only from 1.8; until then it is 99 Other under its own name.
 */
const ALGORITHMS: ReadonlyMap<string, { id: number; caption: string; digits: number }> = new Map([
  ['MD5', { id: 1, caption: 'MD5', digits: 32 }],
  ['SHA1', { id: 2, caption: 'SHA-1', digits: 40 }],
  ['SHA256', { id: 3, caption: 'SHA-256', digits: 64 }],
  ['IMPHASH', { id: 99, caption: 'IMPHASH', digits: 32 }],
]);

export const fingerprints: Converter = {
  name: 'fingerprints',
  summary: 'a list of hashes (SHA1=…,MD5=…) ► fingerprint {algorithm_id, algorithm, value} each',
  output: {
    object: 'fingerprint',
    shape: { algorithm_id: true, algorithm: true, value: true },
    required: ['algorithm_id', 'value'],
    list: true,
  },
  lossless: true,
  convert: (text, fail) => {
    const list: OcsfValue[] = [];
    for (const item of text.split(',')) {
      const at = item.indexOf('=');
      const algorithm = ALGORITHMS.get(item.slice(0, Math.max(at, 0)));
      const value = item.slice(at + 1);
      if (value.length !== algorithm?.digits || !/^[0-9A-Fa-f]+$/.test(value)) fail();
      else list.push({ algorithm_id: algorithm.id, algorithm: algorithm.caption, value });
    }
    return list.length > 0 ? list : undefined;
  },
};
