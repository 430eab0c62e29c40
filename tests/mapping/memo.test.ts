import { describe, expect, it } from '@jest/globals';
import { memo } from '../../src/mapping/memo.ts';

/** A function that is remembered, and the texts that it was called with. */
function counted(): { ask: (text: string) => number | undefined; calls: string[] } {
  const calls: string[] = [];
  const ask = memo((text: string): number | undefined => {
    calls.push(text);
    return text === 'none' ? undefined : text.length;
  });
  return { ask, calls };
}

describe('what a function made of a text', () => {
  it('is remembered by the text', () => {
    const { ask, calls } = counted();
    expect(['a', 'bc', 'a', '', 'bc', ''].map(ask)).toEqual([1, 2, 1, 0, 2, 0]);
    expect(calls).toEqual(['a', 'bc', '']);
  });

  it('is made again where it was nothing', () => {
    const { ask, calls } = counted();
    expect(['none', 'none'].map(ask)).toEqual([undefined, undefined]);
    expect(calls).toEqual(['none', 'none']);
  });

  it('is remembered of texts up to 512 characters', () => {
    const { ask, calls } = counted();
    const [longest, longer] = ['x'.repeat(512), 'x'.repeat(513)];
    expect([longest, longest, longer, longer].map(ask)).toEqual([512, 512, 513, 513]);
    expect(calls).toEqual([longest, longer, longer]);
  });

  it('is forgotten where 5,000 texts are remembered and another one comes', () => {
    const { ask, calls } = counted();
    const texts = Array.from({ length: 5_000 }, (_, n) => `text ${n}`);
    texts.forEach(ask);
    texts.forEach(ask);
    expect(calls).toHaveLength(5_000);
    ask('one more');
    ask('one more');
    expect(calls).toHaveLength(5_001);
    texts.forEach(ask);
    expect(calls).toHaveLength(10_001);
  });
});
