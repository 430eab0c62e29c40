import { describe, expect, it } from '@jest/globals';
import { eventOf, mapWith, nodeText, told } from './mappings.ts';

const AT = '/custom_source_events/ocsf_mapping/1/schema_mapping';
const warningsAt = (node: Readonly<Record<string, unknown>>, place: string): string[] =>
  told(nodeText(node), 'warning')
    .filter(([pointer]) => pointer.startsWith(`${AT}/${place}`))
    .map(([, message]) => message);

describe('an enum of objects', () => {
  const chosen = { enum: { evaluate: '$.Description.x', values: { a: { pid: 1 } } } };

  it('gives the object beside the text', () => {
    expect(mapWith({ process: chosen }, eventOf({ x: 'a' })).record.process).toEqual({ pid: 1 });
  });

  it('gives nothing beside another text, so that the next of several is taken', () => {
    expect(mapWith({ process: chosen }, eventOf({ x: 'b' })).record).not.toHaveProperty('process');
    const process = { first: [chosen, { pid: 2 }] };
    expect(mapWith({ process }, eventOf({ x: 'b' })).record.process).toEqual({ pid: 2 });
    expect(mapWith({ process }, eventOf({ x: 'a' })).record.process).toEqual({ pid: 1 });
  });

  it('is told by what stands beside it, where no other value stands for another text', () => {
    const one = { enum: { evaluate: '$.Description.x', values: { a: 'A', b: 'B' } } };
    expect(mapWith({ message: one }, eventOf({ x: 'a' })).record).not.toHaveProperty('unmapped');
    const same = { enum: { evaluate: '$.Description.x', values: { a: 'A', b: 'A' } } };
    expect(mapWith({ message: same }, eventOf({ x: 'a' })).record.unmapped).toEqual({ x: 'a' });
  });
});

describe('a list', () => {
  it.each([
    ['a literal', 'a', ['a']],
    ['a path', '$.Description.x', ['x']],
  ])('of %s that is none is a list of one, and warned of', (_, labels, list) => {
    const metadata = { version: '1.1.0', labels };
    expect(mapWith({ metadata }, eventOf({ x: 'x' })).record.metadata).toMatchObject({ labels: list });
    expect(warningsAt({ metadata }, 'metadata/labels')).toEqual([
      'OCSF wants a list at metadata.labels; the value is taken as a list of one',
    ]);
  });

  it.each([
    ['itself', ['a', '$.Description.x']],
    ['the first that is there', { first: ['$.Description.none', '$.Description.x'] }],
  ])('of %s is not warned of', (_, labels) => {
    expect(warningsAt({ metadata: { version: '1.1.0', labels } }, 'metadata/labels')).toEqual([]);
  });

  it('takes more values than a call takes arguments', () => {
    const UserDefined = Object.fromEntries(Array.from({ length: 150_000 }, (_, i) => [`k${i}`, 'v']));
    const metadata = { version: '1.1.0', labels: ['$.UserDefined.*'] };
    const { labels } = mapWith({ metadata }, eventOf({}, { UserDefined })).record.metadata as {
      labels: unknown[];
    };
    expect(labels).toHaveLength(150_000);
  });

  it('of what is absent is absent', () => {
    const metadata = { version: '1.1.0', labels: ['$.Description.none', '$..none'] };
    expect(mapWith({ metadata }, eventOf({})).record.metadata).not.toHaveProperty('labels');
  });
});

describe('an object that OCSF leaves open', () => {
  const enrichmentsOf = (data: unknown, Description: Readonly<Record<string, string>>): unknown =>
    mapWith({ enrichments: [{ name: 'n', value: 'v', data }] }, eventOf(Description)).record.enrichments;

  it('has what is there, in any shape', () => {
    const data = { a: '$.Description.x', b: [1, '$.Description.none'], c: {} };
    expect(enrichmentsOf(data, { x: 'y' })).toEqual([{ name: 'n', value: 'v', data: { a: 'y', b: [1] } }]);
  });

  it('is absent where nothing of it is there, and with it what OCSF does not let be without it', () => {
    expect(enrichmentsOf({ a: '$.Description.none' }, {})).toBeUndefined();
  });
});

describe('a converter of objects', () => {
  const convert = (to: string): unknown => ({ convert: { evaluate: '$.Description.x', to } });

  it('of another object than OCSF wants is warned of', () => {
    expect(warningsAt({ actor: { user: convert('file') } }, 'actor/user')).toEqual([
      'OCSF wants user at actor.user, which converter file does not give',
    ]);
    expect(warningsAt({ actor: { user: convert('user') } }, 'actor/user')).toEqual([]);
  });
});
