/** A stream of bytes that can be looked into, and to which bytes can be given back. */

export interface ByteInput {
  /** At least `count` bytes of what comes next, without taking them; fewer at the end of the input. */
  peek(count: number): Promise<Uint8Array>;
  /** The next bytes, at most `count`; undefined at the end. */
  take(count: number): Promise<Uint8Array | undefined>;
  /** The last `count` bytes of what was taken last come again. */
  giveBack(count: number): void;
}

/** Reads a stream to its end, for what it throws or for what comes behind it. */
export const drain = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  const iterator = chunks[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
};

export const byteInputOf = (iterator: AsyncIterator<Uint8Array, unknown>): ByteInput => {
  let held: Uint8Array = new Uint8Array(0);
  /** What comes next is `held` from here on; what was taken last stands before it. */
  let at = 0;
  const peek = async (count: number): Promise<Uint8Array> => {
    while (held.length - at < count) {
      const next = await iterator.next();
      if (next.done === true) break;
      held = at === held.length ? next.value : Buffer.concat([held.subarray(at), next.value]);
      at = 0;
    }
    return held.subarray(at);
  };
  const take = async (count: number): Promise<Uint8Array | undefined> => {
    const taken = (await peek(1)).subarray(0, count);
    at += taken.length;
    return taken.length === 0 ? undefined : taken;
  };
  const giveBack = (count: number): void => {
    at -= count;
  };
  return { peek, take, giveBack };
};
