import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findPath, formatPath, isOfProcess, parsePath, PathError, readPath } from '../../src/mapping/path.ts';
import type { PathRef } from '../../src/mapping/path.ts';
import { eventOf, fields, UTC_TIME } from './mappings.ts';

const event = eventOf(
  { Image: 'C:\\a.exe', User: 'u', 'Odd name': 'odd' },
  {
    MachineName: 'host',
    Index: '7',
    UserDefined: { source_instance_id: 'i-1', 'beat.name': 'b', MachineName: 'other', 'a.b.c': 'deep' },
  },
);
const process = fields({ CommandLine: 'cmd' });
const read = (path: string): string | undefined => readPath(parsePath(path), event, process);

describe('a plain path', () => {
  it.each([
    ['$.EventId', '1'],
    ["$['EventId']", '1'],
    ['$.Description.Image', 'C:\\a.exe'],
    ["$['Description']['Image']", 'C:\\a.exe'],
    ['$["Description"].Image', 'C:\\a.exe'],
    ["$.Description['Odd name']", 'odd'],
    ['$.MachineName', 'host'],
    ['$.Index', '7'],
    ['$.source_instance_id', 'i-1'],
    ['$.UserDefined.source_instance_id', 'i-1'],
    ["$['UserDefined']['source_instance_id']", 'i-1'],
    ['$.UserDefined.MachineName', 'other'],
    ['$.beat.name', 'b'],
    ["$['beat.name']", 'b'],
    ['$.UserDefined.beat.name', 'b'],
    ['$.a.b.c', 'deep'],
    ['$.Process.CommandLine', 'cmd'],
  ])('%s reads its field', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it.each(['$.Description.Nothing', '$.LogName', '$.nothing', '$.constructor', '$.Description.__proto__'])(
    '%s finds nothing where the event has nothing',
    (path) => {
      expect(read(path)).toBeUndefined();
    },
  );

  it('$.EventTime reads the time of the event: TimeCreated where the clock behind UtcTime stood still', () => {
    const sent = {
      TimeCreated: '2020-06-14T02:50:54.700Z',
      UserDefined: { EventTime: '2020-06-14 04:50:54' },
    };
    const readOf = (path: string, EventId: number): string | undefined =>
      readPath(parsePath(path), eventOf({}, { EventId, ...sent }), undefined);
    for (const path of ['$.EventTime', "$['EventTime']"]) {
      expect([1, 3, 22].map((id) => readOf(path, id))).toEqual([
        UTC_TIME,
        sent.TimeCreated,
        sent.TimeCreated,
      ]);
    }
    expect(readOf('$.UserDefined.EventTime', 3)).toBe('2020-06-14 04:50:54');
    expect(readOf('$.Description.UtcTime', 3)).toBe(UTC_TIME);
  });

  it('finds nothing of a process that the join did not find', () => {
    expect(readPath(parsePath('$.Process.CommandLine'), event, undefined)).toBeUndefined();
  });

  it('may be spelled in any script', () => {
    expect(parsePath('$.Description.Größe')).toEqual({ kind: 'Description', name: 'Größe' });
    expect(parsePath('$.名前')).toEqual({ kind: 'UserDefined', name: '名前' });
    expect(parsePath('$.@timestamp')).toEqual({ kind: 'UserDefined', name: '@timestamp' });
    expect(parsePath('$.source-id')).toEqual({ kind: 'UserDefined', name: 'source-id' });
  });

  it('may have quotes of the other kind, dots and brackets in a quoted name', () => {
    expect(parsePath(`$.Description["it's"]`)).toEqual({ kind: 'Description', name: "it's" });
    expect(parsePath("$.Description['a[0].b(c)']")).toEqual({ kind: 'Description', name: 'a[0].b(c)' });
  });
});

describe('a JSONPath', () => {
  const values = (path: string, of = event): unknown[] => {
    const ref = parsePath(path);
    if (ref.kind !== 'jsonpath') throw new Error('a plain path');
    return findPath(ref.path, of, process).map(({ value }) => value);
  };

  it.each([
    ['$.Description.*', ['2020-06-10 02:50:54.631', 'C:\\a.exe', 'u', 'odd']],
    ['$.Description[*]', ['2020-06-10 02:50:54.631', 'C:\\a.exe', 'u', 'odd']],
    ['$.Description[Image,User]', ['C:\\a.exe', 'u']],
    ['$..Image', ['C:\\a.exe']],
    ['$.Process.*', ['cmd']],
    ['$.Description.Image.deeper', []],
    ['$.Description[*]~', ['UtcTime', 'Image', 'User', 'Odd name']],
  ])('%s gives everything it finds', (path, found) => {
    expect(values(path)).toEqual(found);
  });

  it.each([
    ['$.*["Odd name"]', ['odd']],
    ["$.*['Odd name']", ['odd']],
    ['$..["Odd name"]', ['odd']],
    ['$.Description[Image,N1]', ['a', 'n']],
    ['$.UserDefined[10]', ['ten']],
    ['$.UserDefined[1,10,-1]', ['one', 'ten', 'minus one']],
  ])('%s gives what brackets name', (path, found) => {
    const odd = eventOf(
      { Image: 'a', N1: 'n', 'Odd name': 'odd' },
      { UserDefined: { '1': 'one', '10': 'ten', '-1': 'minus one' } },
    );
    expect(values(path, odd)).toEqual(found);
  });

  it.each(['$.a[1:2]', '$.a[:]', '$.a[10:20]', '$.a[-10:]', '$.a[:-10]', '$.a[1:20:10]', '$.a[::2]'])(
    '%s is one, though an event has no lists',
    (path) => {
      expect(values(path)).toEqual([]);
    },
  );

  it('gives whole rooms of the event as they are', () => {
    expect(values('$.Process')).toEqual([{ CommandLine: 'cmd' }]);
    expect(values('$.UserDefined')).toEqual([event.UserDefined]);
    expect(values('$')).toHaveLength(1);
  });

  it('says of which field a text is', () => {
    expect(findPath('$..Image', event, process)).toEqual([
      { value: 'C:\\a.exe', source: { kind: 'Description', name: 'Image' } },
    ]);
    expect(findPath('$.MachineName', event, process)[0]?.source).toEqual({
      kind: 'envelope',
      name: 'MachineName',
    });
    expect(findPath('$.Process.*', event, process)[0]?.source).toEqual({
      kind: 'Process',
      name: 'CommandLine',
    });
  });

  it('does not take the name of a field for its text', () => {
    for (const { source } of findPath('$.Description[*]~', event, process)) expect(source).toBeUndefined();
    expect(findPath('$.Description^', event, process)[0]?.source).toBeUndefined();
  });
});

describe('a path that cannot be read', () => {
  it.each([
    '$.Description[?(@.Image)]',
    '$..[?(@.x > 1)]',
    '$.Description[?@.Image]',
    '$.Description[ ?@.Image]',
    '$.Description[(@.length-1)]',
    '$.Description.@string()',
    '$.Description.`Image',
    '$.x[?(constructor.constructor("return process")())]',
  ])('%s is refused, because it is a program', (path) => {
    expect(() => parsePath(path)).toThrow(PathError);
    expect(() => parsePath(path)).toThrow('expression');
  });

  it.each([
    '$.',
    '$x',
    '$..',
    '$.a..',
    '$...a',
    '$.a[',
    '$.a]',
    '$.a[]',
    "$.a['b",
    "$.a['b'",
    '$.a b',
    '$.Description.Image ',
    ' $.Description.Image',
    '$.a[::-1]',
    "$.Description['Image','User']",
    '$.a.[b].',
    '$.a[b c]',
    '$.a[1:b]',
    '$.a[1:2:b]',
  ])('%s is refused, because it does not parse', (path) => {
    expect(() => parsePath(path)).toThrow(PathError);
    expect(() => parsePath(path)).toThrow('is not a JSONPath');
  });

  it.each(['$..@timestamp', '$.*.@timestamp', '$.a[b,@c]', '$.*[@a]', "$.*['@a']", '$.*["@a"]'])(
    '%s is refused, because jsonpath-plus takes @ for a type',
    (path) => {
      expect(() => parsePath(path)).toThrow(PathError);
      expect(() => parsePath(path)).toThrow('has a name with @ in it, which only a plain path can read');
    },
  );

  it('says which path it is', () => {
    const error = (() => {
      try {
        return parsePath('$.a[');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ name: 'PathError', path: '$.a[' });
  });

  it('is the only thing that parsing throws, and what parses can be looked for', () => {
    const piece = fc.constantFrom(
      '.',
      '..',
      '*',
      '[',
      ']',
      "'",
      '"',
      'a',
      'Image',
      '0',
      ',',
      ':',
      '~',
      '^',
      ' ',
      '?',
      '(',
      '-',
      '$',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = `$${pieces.join('')}`;
        let ref: PathRef;
        try {
          ref = parsePath(path);
        } catch (error) {
          expect(error).toBeInstanceOf(PathError);
          return;
        }
        if (ref.kind === 'jsonpath') findPath(ref.path, event, process);
        else readPath(ref, event, process);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a path as it is shown', () => {
  it.each([
    '$.EventId',
    '$.EventTime',
    '$.Description.Image',
    '$.MachineName',
    '$.source_instance_id',
    '$.UserDefined.MachineName',
    '$.UserDefined.EventId',
    '$.UserDefined.EventTime',
    "$['beat.name']",
    '$.Process.CommandLine',
    '$.Description.*',
  ])('%s is spelled as a mapping may spell it', (path) => {
    expect(formatPath(parsePath(path))).toBe(path);
    expect(parsePath(formatPath(parsePath(path)))).toEqual(parsePath(path));
  });

  it('differs for fields that differ', () => {
    const names = ['MachineName', 'EventId', 'EventTime', 'Description', 'Process', 'UserDefined', 'x'];
    const refs: PathRef[] = [
      { kind: 'EventId' },
      { kind: 'EventTime' },
      { kind: 'envelope', name: 'MachineName' },
      ...names.flatMap((name): PathRef[] => [
        { kind: 'UserDefined', name },
        { kind: 'Description', name },
        { kind: 'Process', name },
      ]),
    ];
    expect(new Set(refs.map(formatPath)).size).toBe(refs.length);
    expect(refs.map((ref) => parsePath(formatPath(ref)))).toEqual(refs);
  });
});

describe('a path into the process that the join found', () => {
  it.each([
    '$.Process',
    '$.Process.Image',
    '$.Process.*',
    "$['Process'].*",
    '$..Process',
    '$.Process[Image,User]',
  ])('%s is one', (path) => {
    expect(isOfProcess(parsePath(path))).toBe(true);
  });
  it.each([
    '$.ProcessOwner',
    '$.Process_x',
    '$.Process-x',
    '$.Description.Process',
    "$['Process.x']",
    "$['$.Process.x']",
  ])('%s is none', (path) => {
    expect(isOfProcess(parsePath(path))).toBe(false);
  });
});

describe('the source of what a JSONPath finds', () => {
  const odd = eventOf(
    { 'a/b~c': 'odd', 'a~1b': 'tilde' },
    { MachineName: 'host', UserDefined: { team: 'blue' } },
  );
  const sources = (path: string) =>
    Object.fromEntries(
      findPath(path, odd, process).map(({ value, source }) => [JSON.stringify(value), source]),
    );

  it('is the field itself, whatever its name holds', () => {
    expect(sources('$.Description[*]')).toMatchObject({
      '"odd"': { kind: 'Description', name: 'a/b~c' },
      '"tilde"': { kind: 'Description', name: 'a~1b' },
    });
  });

  it('is what the carrier added, found at the top or in its own room', () => {
    expect(sources('$.*')).toMatchObject({
      '"blue"': { kind: 'UserDefined', name: 'team' },
      '"host"': { kind: 'envelope', name: 'MachineName' },
    });
    expect(sources('$.UserDefined[*]')).toEqual({ '"blue"': { kind: 'UserDefined', name: 'team' } });
  });

  it('is no field for the event as a whole', () => {
    expect(findPath('$', odd, process)[0]?.source).toBeUndefined();
  });

  it('is never looked for by running code, even for a path that was not parsed here', () => {
    expect(() => findPath('$.Description[?(@.length > 0)]', odd, process)).toThrow();
  });
});
