import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { format } from 'prettier';
import type { Json } from '../../src/cli/difference.ts';
import { recordsText } from '../../src/cli/records-text.ts';

const asPrettier = (text: string): Promise<string> => format(text, { parser: 'json', printWidth: 110 });

describe('recordsText', () => {
  it('keeps a short list of texts on one line and everything else on its own', () => {
    expect(recordsText([{ time: 1, profiles: ['host', 'x'], answers: [{ a: 'b' }] }])).toBe(`[
  {
    "time": 1,
    "profiles": ["host", "x"],
    "answers": [
      {
        "a": "b"
      }
    ]
  }
]
`);
  });

  it.each([106, 107, 108, 109, 110, 111, 112])(
    'breaks a list where prettier does, around column %i',
    async (columns) => {
      const text = 'x'.repeat(columns - '    "labels": [""]'.length);
      for (const record of [{ labels: [text] }, { labels: [text], last: 1 }]) {
        expect(recordsText([record])).toBe(await asPrettier(recordsText([record])));
      }
    },
  );

  it('gives the records back', () => {
    const records = fc.array(fc.jsonValue({ maxDepth: 4 })) as fc.Arbitrary<Json[]>; // true: that is what JSON is
    fc.assert(
      fc.property(records, (list) => {
        const clone: unknown = JSON.parse(JSON.stringify(list));
        expect(JSON.parse(recordsText(list))).toEqual(clone);
      }),
    );
  });
});
