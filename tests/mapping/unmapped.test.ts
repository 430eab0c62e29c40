import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENVELOPE_KEYS, isAbsent } from '../../src/sysmon/event.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';
import { compiled, eventOf, fields, mapWith, nodeText, told } from './mappings.ts';

const AT = '/custom_source_events/ocsf_mapping/1/schema_mapping/unmapped';
const unmappedOf = (
  node: Readonly<Record<string, unknown>>,
  event: SysmonEvent,
  join?: Parameters<typeof mapWith>[2],
): unknown => mapWith(node, event, join).record.unmapped;

describe('unmapped', () => {
  it('has every field that no leaf kept, under its own name', () => {
    const event = eventOf(
      { Image: 'i', Own: 'o', Empty: '', Dash: '-' },
      { MachineName: 'h', Index: '7', UserDefined: { source_instance_id: 's', 'beat.name': 'b', none: '' } },
    );
    expect(unmappedOf({ message: '$.Description.Image' }, event)).toEqual({
      Own: 'o',
      MachineName: 'h',
      Index: '7',
      source_instance_id: 's',
      'beat.name': 'b',
    });
  });

  it('is absent where everything is kept', () => {
    expect(unmappedOf({}, eventOf({}))).toBeUndefined();
    expect(unmappedOf({ message: '$.MachineName' }, eventOf({}, { MachineName: 'h' }))).toBeUndefined();
    expect(
      unmappedOf({ message: '$.UserDefined.x' }, eventOf({}, { UserDefined: { x: 'y' } })),
    ).toBeUndefined();
    expect(unmappedOf({ message: '$.x' }, eventOf({}, { UserDefined: { x: 'y' } }))).toBeUndefined();
  });

  it('has what the mapping puts there: one level of text, nested keys joined with a dot', () => {
    const node = {
      unmapped: {
        rulename: '$.Description.RuleName',
        process: {
          pid: '$.Description.ProcessId',
          deep: { er: 7 },
          list: ['a', '$.Description.Nothing', true],
        },
        gone: null,
        nothing: '$.Description.Nothing',
      },
    };
    expect(unmappedOf(node, eventOf({ RuleName: 'r', ProcessId: '0x4' }))).toEqual({
      rulename: 'r',
      'process.pid': '0x4',
      'process.deep.er': '7',
      'process.list.0': 'a',
      'process.list.2': 'true',
    });
  });

  it('may be given by operators', () => {
    const unmapped = {
      template: 'more',
      choice: { enum: { evaluate: '$.Description.Protocol', values: { tcp: 6 }, other: 'else' } },
      one: { first: ['$.Description.Nothing', '$.Description.User'] },
      user: { convert: { evaluate: '$.Description.User', to: 'user' } },
    };
    const templates = { more: { a: { b: '$.Description.Image' }, one: 'x' } };
    expect(
      unmappedOf({ unmapped }, eventOf({ Protocol: 'tcp', User: 'A\\b', Image: 'i' }), { templates }),
    ).toEqual({
      'a.b': 'i',
      choice: '6',
      one: 'A\\b',
      user: '{"name":"b","domain":"A"}',
    });
  });

  it('is one of the record only once: a field that the mapping puts there is not there again', () => {
    expect(unmappedOf({ unmapped: { rule: '$.Description.RuleName' } }, eventOf({ RuleName: 'r' }))).toEqual({
      rule: 'r',
    });
  });

  it('has a field of the process only where a leaf of the entry reads it and does not keep it', () => {
    const node = { process: { pid: '$.Process.ProcessId', cmd_line: '$.Process.CommandLine' } };
    const process = fields({ ProcessId: 'x', CommandLine: 'c', Image: 'i', User: '-' });
    expect(unmappedOf(node, eventOf({}), { join: { outcome: 'hit', process } })).toEqual({
      'Process.ProcessId': 'x',
      join: 'hit',
    });
  });

  it('has a field of the process only where the event does not say the same', () => {
    const node = { process: { pid: '$.Process.User' } };
    const joined = (User: string): unknown =>
      unmappedOf(node, eventOf({ User: 'u' }), { join: { outcome: 'hit', process: fields({ User }) } });
    expect(joined('u')).toEqual({ User: 'u', join: 'hit' });
    expect(joined('v')).toEqual({ User: 'u', 'Process.User': 'v', join: 'hit' });
  });

  it.each(['hit', 'late', 'miss'] as const)('says that the join was a %s', (outcome) => {
    expect(unmappedOf({ message: '$.Process.Image' }, eventOf({}), { join: { outcome } })).toEqual({
      join: outcome,
    });
    expect(unmappedOf({ message: '$.Process.Image' }, eventOf({}))).toBeUndefined();
  });

  it('says which names stand twice in the description', () => {
    expect(unmappedOf({}, eventOf({}, { ambiguous: ['Image', 'User'] }))).toEqual({
      ambiguous: 'Image,User',
    });
  });
});

describe('fields of one name', () => {
  it('stand beside each other under longer names', () => {
    const event = eventOf(
      { x: 'd', MachineName: 'd', join: 'd', ambiguous: 'd' },
      {
        MachineName: 'e',
        ambiguous: ['x'],
        UserDefined: { x: 'u', MachineName: 'u', join: 'u', ambiguous: 'u' },
      },
    );
    expect(unmappedOf({}, event, { join: { outcome: 'miss' } })).toEqual({
      x: 'd',
      MachineName: 'd',
      'Description.join': 'd',
      'Description.ambiguous': 'd',
      'envelope.MachineName': 'e',
      'UserDefined.x': 'u',
      'UserDefined.MachineName': 'u',
      'UserDefined.join': 'u',
      'UserDefined.ambiguous': 'u',
      ambiguous: 'x',
      join: 'miss',
    });
  });

  it('never take the place of what the mapping put there', () => {
    const unmapped = { Image: '$.Description.User', Description: { Image: '$.MachineName' } };
    expect(unmappedOf({ unmapped }, eventOf({ User: 'u', Image: 'i' }, { MachineName: 'h' }))).toEqual({
      Image: 'u',
      'Description.Image': 'h',
      'Description.Description.Image': 'i',
    });
  });

  it('are told apart where one is in the envelope and one was added by the agent', () => {
    const event = eventOf({}, { MachineName: 'h', UserDefined: { MachineName: 'u' } });
    expect(unmappedOf({ message: '$.MachineName' }, event)).toEqual({ MachineName: 'u' });
    expect(unmappedOf({ message: '$.UserDefined.MachineName' }, event)).toEqual({ MachineName: 'h' });
    expect(
      unmappedOf({ message: '$.MachineName', status_code: '$.UserDefined.MachineName' }, event),
    ).toBeUndefined();
  });
});

describe('a mapping of unmapped that would lose something', () => {
  it.each([
    [{ join: 'x' }, '/join', '"unmapped" has join from the pipeline'],
    [{ ambiguous: '$.Description.Image' }, '/ambiguous', '"unmapped" has ambiguous from the pipeline'],
    [{ 'a.b': 'x', a: { b: 'y' } }, '/a/b', '"unmapped" has a.b already'],
    [
      { a: { convert: { evaluate: '$.Description.User', to: 'user' }, b: 'c' } },
      '/a/convert',
      'has no keys beside it in "unmapped", which holds text alone',
    ],
    [['a'], '', '"unmapped" is an object'],
  ])('%j is refused', (unmapped, pointer, message) => {
    expect(told(nodeText({ unmapped }), 'error')).toEqual([[AT + pointer, message]]);
  });
});

it('nothing is lost: whatever the event and the mapping, each text is in the record', () => {
  const name = fc.constantFrom(
    'a',
    'b',
    'Image',
    'MachineName',
    'UserDefined.a',
    'Description.a',
    'join',
    'ambiguous',
    'envelope.Index',
    'Process.a',
    '__proto__',
    'constructor',
  );
  const text = fc.integer({ min: 0, max: 999 }).map((n) => `«${n}»`);
  const room = fc.dictionary(name, text);
  const envelope = fc.record({ MachineName: text, Index: text, LogName: text }, { requiredKeys: [] });
  const path = fc.oneof(
    name.map((one) => `$.Description['${one}']`),
    name.map((one) => `$.UserDefined['${one}']`),
    name.map((one) => `$.Process['${one}']`),
    fc.constantFrom('$.MachineName', '$.Index', '$.Description.*', '$..a', '$.Description[*]~'),
  );
  const leaf = fc.oneof(
    path,
    path.map((evaluate) => ({ convert: { evaluate, to: 'process_name' } })),
    path.map((evaluate) => ({ enum: { evaluate, values: { '«1»': 'x', '«2»': 'x' }, other: 'y' } })),
    fc.tuple(path, path).map((first) => ({ first })),
  );
  const node = fc.record(
    {
      message: leaf,
      status_code: leaf,
      actor: fc.record({ user: fc.record({ name: leaf, domain: leaf }) }),
      unmapped: fc.record({ a: leaf, b: fc.record({ c: leaf }) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(room, envelope, room, room, node, (Description, own, UserDefined, process, mapping) => {
      const text = nodeText(JSON.parse(JSON.stringify(mapping)) as Record<string, unknown>);
      const event = eventOf(Description, { ...own, UserDefined });
      const { record } = compiled(text).entries[0]!.map(event, { outcome: 'hit', process: fields(process) });
      const all = JSON.stringify(record);
      for (const values of [event.Description, event.UserDefined]) {
        for (const [key, value] of Object.entries(values)) {
          if (key !== 'UtcTime') expect([key, all]).toEqual([key, expect.stringContaining(value)]);
        }
      }
      for (const key of ENVELOPE_KEYS) {
        const value = event[key];
        if (!isAbsent(value)) expect([key, all]).toEqual([key, expect.stringContaining(value)]);
      }
    }),
    { numRuns: 300 },
  );
});

describe('an event of many fields', () => {
  const names = Array.from({ length: 80 }, (_, i) => `F${i}`);
  const many = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
  const filed = Object.fromEntries(names.map((name) => [`UserDefined.${name}`, `by ${name}`]));
  const decorated = Object.fromEntries(names.map((name) => [name, `by ${name}`]));

  it('keeps them all, and those of the same name apart', () => {
    // A value that is also the name of a later field takes no name.
    const event = eventOf(
      { ...many, F0: 'F79', F1: 'other' },
      { UserDefined: { ...decorated, other: 'o', join: 'j' } },
    );
    expect(unmappedOf({}, event)).toEqual({
      ...many,
      ...filed,
      F0: 'F79',
      F1: 'other',
      other: 'o',
      'UserDefined.join': 'j',
    });
  });
});

describe('a name that UTF-8 cannot hold', () => {
  it('is written as JSON escapes it, without the quotes', () => {
    expect(unmappedOf({}, eventOf({ 'a\ud800': 'x', 'a\udc00"': 'y', é: 'z' }))).toEqual({
      'a\\ud800': 'x',
      'a\\udc00\\"': 'y',
      é: 'z',
    });
  });
});
