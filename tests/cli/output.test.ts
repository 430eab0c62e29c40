import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../src/cli/failure.ts';
import { outputTo } from '../../src/cli/output.ts';

/** A stream that fails at its so many-th write. */
function stream(failsAt = Infinity, code = 'EPIPE'): { text: () => string; out: Writable } {
  let text = '';
  let writes = 0;
  const out = new Writable({
    highWaterMark: 1,
    write(chunk, _, done) {
      if (++writes >= failsAt) done(Object.assign(new Error('no'), { code }));
      else {
        text += String(chunk);
        done();
      }
    },
  });
  return { text: () => text, out };
}

describe('an output', () => {
  it('is written in order', async () => {
    const { out, text } = stream();
    const { print, write } = outputTo(out);
    print('a');
    await write('b');
    print('c');
    await write('');
    expect(text()).toBe('abc');
  });

  it.each([
    ['EPIPE', true, 'standard output: EPIPE'],
    ['ENOSPC', false, 'standard output: no space is left on the disk'],
  ])('that fails with %s tells it to the write that failed', async (code, isClosed, message) => {
    const { write } = outputTo(stream(2, code).out);
    await write('a');
    const failure = await write('b').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OutputError);
    expect(failure).toMatchObject({ isClosed, message });
    await expect(write('c')).rejects.toThrow(OutputError);
  });

  it('that failed without being waited for tells it at the next', async () => {
    const { print } = outputTo(stream(1).out);
    print('a');
    await setImmediate();
    expect(() => print('b')).toThrow(OutputError);
  });
});
