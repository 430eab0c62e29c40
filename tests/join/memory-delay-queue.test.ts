import { describe, expect, it } from '@jest/globals';
import { memoryDelayQueue } from '../../src/join/memory-delay-queue.ts';
import { delayQueueContract } from './delay-queue.contract.ts';

function openQueue() {
  let timeMs = 0;
  const queue = memoryDelayQueue({ now: () => timeMs });
  return {
    queue,
    advance: (seconds: number) => {
      timeMs += seconds * 1000;
    },
    receive: () => queue.receive(),
  };
}

delayQueueContract('memoryDelayQueue', openQueue);

describe('memoryDelayQueue', () => {
  it('gives what was due first in front, and in the order of sending where that is equal', async () => {
    const { queue, advance, receive } = openQueue();
    await queue.send({ key: 'c' }, 5);
    await queue.send({ key: 'a' }, 1);
    await queue.send({ key: 'b' }, 1);
    advance(10);
    expect(receive().map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });
});
