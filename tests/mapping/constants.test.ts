/** Constants stand in every row from the beginning; those that depend on the event must not. */
import { describe, expect, it } from '@jest/globals';
import { eventOf, mapWith } from './mappings.ts';

const of = (node: Parameters<typeof mapWith>[0], User = ''): unknown =>
  mapWith(node, eventOf({ User, Image: 'x.exe' })).record;

describe('constants of an object that the event chooses', () => {
  it('are of the chosen one alone, where OCSF has no such attribute', () => {
    const Own = {
      enum: {
        evaluate: '$.Description.User',
        values: { a: { x: 'one', y: '$.Description.Image' }, b: { x: 'two' } },
        other: { z: 'three' },
      },
    };
    expect(of({ Own }, 'a')).toMatchObject({ Own: { x: 'one', y: 'x.exe' } });
    expect((of({ Own }, 'b') as { Own: unknown }).Own).toEqual({ x: 'two' });
    expect((of({ Own }, 'c') as { Own: unknown }).Own).toEqual({ z: 'three' });
  });

  it('are of the first one that is there', () => {
    const Own = { first: [{ x: '$.Description.Nope', k: { c: 'const' } }, { y: 'other' }] };
    expect((of({ Own }) as { Own: unknown }).Own).toEqual({ k: { c: 'const' } });
  });

  it('are not there where OCSF wants a number and nothing is chosen', () => {
    const pid = { enum: { evaluate: '$.Description.User', values: { zzz: { x: 'only for zzz' } } } };
    expect(of({ process: { pid } }, 'a')).not.toHaveProperty('process');
  });

  it('are of the chosen one alone, where OCSF has the object', () => {
    const user = {
      enum: {
        evaluate: '$.Description.User',
        values: { a: { name: 'A', type_id: 1 }, b: { name: 'B' } },
      },
    };
    expect(of({ actor: { user } }, 'a')).toMatchObject({
      actor: { user: { name: 'A', type_id: 1, type: 'User' } },
    });
    expect((of({ actor: { user } }, 'b') as { actor: { user: unknown } }).actor.user).toEqual({ name: 'B' });
    expect(of({ actor: { user } }, 'c')).not.toHaveProperty('actor');
  });
});

describe('constants over an object of a converter', () => {
  it('win, and stay where the converter gives nothing', () => {
    const file = { convert: { evaluate: '$.Description.Image', to: 'file' }, type_id: 4, company_name: 'c' };
    expect(of({ process: { file } })).toMatchObject({
      process: { file: { name: 'x.exe', type_id: 4, type: 'Block Device', company_name: 'c' } },
    });
  });
});
