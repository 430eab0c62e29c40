/** What every delay queue keeps, whatever it is made of. Each adapter's test runs it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { DELAY_SECONDS_MAX, DelayError } from '../../src/join/delay-queue.ts';
import type { DeferredMessage, DelayQueue } from '../../src/join/delay-queue.ts';

export interface OpenQueue {
  readonly queue: DelayQueue;
  /** Lets this much time pass for the queue. */
  readonly advance: (seconds: number) => void | Promise<void>;
  /** Takes what can be received now. */
  readonly receive: () => DeferredMessage[] | Promise<DeferredMessage[]>;
  readonly close?: () => void | Promise<void>;
}

export function delayQueueContract(adapter: string, open: () => OpenQueue | Promise<OpenQueue>): void {
  describe(`${adapter} keeps the contract of a delay queue`, () => {
    let close: OpenQueue['close'];
    const opened = async (): Promise<OpenQueue> => {
      const queue = await open();
      close = queue.close;
      return queue;
    };
    afterEach(async () => {
      await close?.();
      close = undefined;
    });
    const keys = (messages: DeferredMessage[]) => messages.map(({ key }) => key).sort();

    it('has nothing at first', async () => {
      const { receive } = await opened();
      expect(await receive()).toEqual([]);
    });

    it('gives a message when its delay has passed, and not before', async () => {
      const { queue, advance, receive } = await opened();
      await queue.send({ key: 'deferred/a.ndjson.gz' }, 2);
      await advance(1);
      expect(await receive()).toEqual([]);
      await advance(1);
      expect(await receive()).toEqual([{ key: 'deferred/a.ndjson.gz' }]);
    });

    it('gives a message without a delay at once', async () => {
      const { queue, receive } = await opened();
      await queue.send({ key: 'a' }, 0);
      expect(await receive()).toEqual([{ key: 'a' }]);
    });

    it('keeps to each message its own delay', async () => {
      const { queue, advance, receive } = await opened();
      await queue.send({ key: 'late' }, 3);
      await queue.send({ key: 'early' }, 1);
      await advance(1);
      expect(keys(await receive())).toEqual(['early']);
      await advance(2);
      expect(keys(await receive())).toEqual(['late']);
    });

    it('does not give a message again that was taken', async () => {
      const { queue, receive } = await opened();
      await queue.send({ key: 'a' }, 0);
      await receive();
      expect(await receive()).toEqual([]);
    });

    it('gives a key that was sent twice at least once', async () => {
      const { queue, receive } = await opened();
      await queue.send({ key: 'a' }, 0);
      await queue.send({ key: 'a' }, 0);
      expect(new Set(keys(await receive()))).toEqual(new Set(['a']));
    });

    it('takes the shortest and the longest delay', async () => {
      const { queue } = await opened();
      await expect(queue.send({ key: 'a' }, 0)).resolves.toBeUndefined();
      await expect(queue.send({ key: 'a' }, DELAY_SECONDS_MAX)).resolves.toBeUndefined();
    });

    it.each([-1, DELAY_SECONDS_MAX + 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
      'refuses a delay of %d s',
      async (delaySeconds) => {
        const { queue, receive } = await opened();
        await expect(queue.send({ key: 'a' }, delaySeconds)).rejects.toBeInstanceOf(DelayError);
        expect(await receive()).toEqual([]);
      },
    );
  });
}
