import { describe, expect, it } from '@jest/globals';
import { checkDelay, DelayError } from '../../src/join/delay-queue.ts';

describe('checkDelay', () => {
  it.each([0, 1, 120, 900])('lets %d s pass', (delaySeconds) => {
    expect(() => checkDelay(delaySeconds)).not.toThrow();
  });

  it.each([-1, 901, 0.5, Number.NaN])('refuses %d s and says what a delay is', (delaySeconds) => {
    expect(() => checkDelay(delaySeconds)).toThrow(DelayError);
    expect(() => checkDelay(delaySeconds)).toThrow(
      `a delay is a whole number of seconds from 0 to 900, not ${delaySeconds}`,
    );
  });
});

describe('DelayError', () => {
  it('is known by its name, and has the delay', () => {
    expect(new DelayError(-1)).toMatchObject({ name: 'DelayError', delaySeconds: -1 });
  });
});
