/** Standard output: written no faster than it is read, and given up when nobody reads it any more. */
import type { Writable } from 'node:stream';
import { OutputError } from './failure.ts';

export interface Output {
  /** Writes, and waits until it is written. Rejects with {@link OutputError} where this or an earlier write failed. */
  readonly write: (text: string) => Promise<void>;
  /** Writes without waiting. @throws OutputError where an earlier write failed */
  readonly print: (text: string) => void;
}

/** A stream as an output. Errors of the stream are answers of its next write, not events. */
export function outputTo(stream: Writable): Output {
  let failure: Error | undefined;
  const fail = (error: Error | null | undefined): void => {
    failure ??= error ?? undefined; // kept here: process.stdout forgets its errors
  };
  stream.on('error', fail); // never taken off: a write can fail after the last one is done
  const check = (): void => {
    if (failure !== undefined) throw new OutputError(failure);
  };
  return {
    print(text) {
      check();
      stream.write(text);
    },
    async write(text) {
      check();
      await new Promise<void>((resolve) => {
        stream.write(text, (error) => {
          fail(error);
          resolve();
        });
      });
      check();
    },
  };
}
