import { describe, expect, it } from '@jest/globals';
import { readNode } from '../../src/mapping/node.ts';
import type { Node } from '../../src/mapping/node.ts';
import type { Problem } from '../../src/mapping/problem.ts';

const read = (
  value: unknown,
  templates: Readonly<Record<string, unknown>> = {},
): { node: Node; problems: Problem[] } => {
  const problems: Problem[] = [];
  return { node: readNode(value, '/at', { templates, problems }), problems };
};

const errors = (value: unknown, templates: Readonly<Record<string, unknown>> = {}): [string, string][] =>
  read(value, templates).problems.map(({ pointer, message }) => [pointer, message]);

/** A node in short: literals as they are, paths as `‹kind name›`. */
function short(node: Node | undefined): unknown {
  switch (node?.kind) {
    case undefined:
      return undefined;
    case 'literal':
      return node.value;
    case 'nothing':
      return null;
    case 'path':
      return `‹${node.ref.kind} ${'name' in node.ref ? node.ref.name : ''}›`;
    case 'list':
      return node.items.map(short);
    case 'first':
      return { first: node.nodes.map(short) };
    case 'convert':
      return { [node.converter.name]: short(node.evaluate) };
    case 'enum':
      return {
        enum: short(node.evaluate),
        ...Object.fromEntries(Array.from(node.values, ([key, child]) => [key, short(child)])),
        ...(node.other && { other: short(node.other) }),
      };
    case 'object':
      return {
        ...(node.under && { under: short(node.under) }),
        ...Object.fromEntries(Array.from(node.keys, ([key, child]) => [key, short(child)])),
      };
  }
}

describe('a node', () => {
  it('is read as what it is', () => {
    expect(
      short(
        read({
          text: 'a',
          number: 1,
          truth: false,
          gone: null,
          path: '$.Description.Image',
          list: ['$.MachineName', 2],
        }).node,
      ),
    ).toEqual({
      text: 'a',
      number: 1,
      truth: false,
      gone: null,
      path: '‹Description Image›',
      list: ['‹envelope MachineName›', 2],
    });
  });

  it('remembers where in the file it stands', () => {
    const { node } = read({ 'a/b': { '~': ['$.Description.Image'] } });
    const inner = node.kind === 'object' ? node.keys.get('a/b') : undefined;
    const list = inner?.kind === 'object' ? inner.keys.get('~') : undefined;
    expect(list?.kind === 'list' ? list.items[0]?.pointer : undefined).toBe('/at/a~1b/~0/0');
  });

  it('has operators', () => {
    expect(
      short(
        read({
          a: { enum: { evaluate: '$.EventId', values: { '1': 1, '': null }, other: 99 } },
          b: { convert: { evaluate: '$.Description.Image', to: 'file' } },
          c: { first: ['$.Description.User', 'nobody'] },
        }).node,
      ),
    ).toEqual({
      a: { enum: '‹EventId ›', '1': 1, '': null, other: 99 },
      b: { file: '‹Description Image›' },
      c: { first: ['‹Description User›', 'nobody'] },
    });
  });

  it.each([
    [{ first: [] }, '/at/first', '"first" takes a list of nodes'],
    [{ first: '$.Description.Image' }, '/at/first', '"first" takes a list of nodes'],
    [{ convert: { to: 'file' } }, '/at/convert', '"convert" takes { evaluate, to }'],
    [{ convert: '$.Description.Image' }, '/at/convert', '"convert" takes { evaluate, to }'],
    [{ convert: { evaluate: '$.EventId' } }, '/at/convert/to', 'no converter null'],
    [{ convert: { evaluate: '$.EventId', to: 7 } }, '/at/convert/to', 'no converter 7'],
    [
      { convert: { evaluate: '$.EventId', to: 'fingerprint' } },
      '/at/convert/to',
      'no converter "fingerprint"; did you mean "fingerprints"?',
    ],
    [
      { convert: { evaluate: '$.EventId', to: 'no such thing' } },
      '/at/convert/to',
      'no converter "no such thing"',
    ],
    [
      { convert: { evaluate: '$.EventId', to: 'user', form: 1 } },
      '/at/convert/form',
      '"convert" has no "form"',
    ],
    [{ enum: { evaluate: '$.EventId' } }, '/at/enum', '"enum" takes { evaluate, values, other }'],
    [{ enum: { values: {} } }, '/at/enum', '"enum" takes { evaluate, values, other }'],
    [
      { enum: { evaluate: '$.EventId', values: {}, others: 1 } },
      '/at/enum/others',
      '"enum" has no "others"; did you mean "other"?',
    ],
    [
      { enum: { evaluate: '$.EventId', values: {} }, a: 1 },
      '/at',
      'an "enum" stands alone; it has no keys beside it',
    ],
    [{ first: ['a'], template: 'b' }, '/at', 'has two operators, "first" and "template"'],
    [{ template: 7 }, '/at/template', '"template" takes the name of a template'],
    [{ convert: null }, '/at/convert', '"convert" takes { evaluate, to }'],
    [{ enum: null }, '/at/enum', '"enum" takes { evaluate, values, other }'],
    [{ convert: { evaluate: '$.x[', to: 'file' } }, '/at/convert/evaluate', '"$.x[" is not a JSONPath'],
    [{ enum: { evaluate: '$.x[', values: {} } }, '/at/enum/evaluate', '"$.x[" is not a JSONPath'],
    [
      { enum: { evaluate: '$.EventId', values: { 'a/b': '$.x[' } } },
      '/at/enum/values/a~1b',
      '"$.x[" is not a JSONPath',
    ],
    [
      { enum: { evaluate: '$.EventId', values: {}, other: '$.x[' } },
      '/at/enum/other',
      '"$.x[" is not a JSONPath',
    ],
    [{ a: '$.x[' }, '/at/a', '"$.x[" is not a JSONPath'],
    [{ a: ['$.x[?(1)]'] }, '/at/a/0', '"$.x[?(1)]" holds an expression; a path may only name what it reads'],
  ])('%j is refused', (value, pointer, message) => {
    expect(errors(value)).toEqual([[pointer, message]]);
  });

  it('is nothing where it cannot be read, and all else stays as it is', () => {
    expect(short(read({ a: '$.x[', b: { first: [] }, c: { template: 'no such' }, d: 1 }).node)).toEqual({
      a: null,
      b: null,
      c: null,
      d: 1,
    });
    expect(short(read({ template: 'no such', a: 1 }).node)).toEqual({ a: 1 });
  });

  it('is refused where it is nested too deep, without an end to the stack', () => {
    let value: unknown = 'a';
    for (let i = 0; i < 5000; i++) value = { a: value };
    expect(errors(value)).toEqual([[`/at${'/a'.repeat(65)}`, 'is nested more than 64 deep']]);
  });

  it('is as deep as its operators and templates make it', () => {
    let value: unknown = 'a';
    for (let i = 0; i < 100; i++) value = { first: [value] };
    expect(errors(value)).toEqual([[`/at${'/first/0'.repeat(33)}`, 'is nested more than 64 deep']]);
    const chain = Array.from({ length: 50 }, (_, i) => [`t${i}`, { template: `t${i + 1}` }]);
    const chained = { ...(Object.fromEntries(chain) as Record<string, unknown>), t50: 'a' };
    expect(errors({ template: 't0' }, chained)).toEqual([
      ['/custom_source_events/templates/t32', 'is nested more than 64 deep'],
    ]);
    expect(errors({ template: 't20' }, chained)).toEqual([]);
  });

  it('may have keys that every object of JavaScript has', () => {
    expect(errors({ constructor: 'a', toString: 'b' })).toEqual([]);
    expect(errors({ template: 'constructor' })).toEqual([['/at/template', 'no template "constructor"']]);
    expect(errors({ convert: { evaluate: '$.EventId', to: 'constructor' } })).toHaveLength(1);
  });
});

describe('a template', () => {
  const templates = {
    process: { pid: '$.Description.ProcessId', file: { name: 'a', path: 'b' }, tags: ['a', 'b'] },
    image: { convert: { evaluate: '$.Description.Image', to: 'file' } },
    technique: { convert: { evaluate: '$.Description.RuleName', to: 'has_technique' } },
    outer: { template: 'process', uid: 'u', file: { name: 'c' } },
    'with image': { file: { template: 'image' }, uid: 'u' },
  };

  it('stands where its name stands', () => {
    expect(short(read({ template: 'process' }, templates).node)).toEqual({
      pid: '‹Description ProcessId›',
      file: { name: 'a', path: 'b' },
      tags: ['a', 'b'],
    });
    expect(short(read([{ template: 'technique' }], templates).node)).toEqual([
      { has_technique: '‹Description RuleName›' },
    ]);
  });

  it('is merged under the keys beside it, objects deep, all else whole', () => {
    const node = { template: 'process', pid: 4, file: { name: 'z', size: 1 }, tags: ['c'], uid: 'u' };
    expect(short(read(node, templates).node)).toEqual({
      pid: 4,
      file: { name: 'z', path: 'b', size: 1 },
      tags: ['c'],
      uid: 'u',
    });
  });

  it('keeps the order of its keys, and has new ones behind them', () => {
    const { node } = read({ uid: 'u', template: 'process', pid: 4 }, templates);
    expect(node.kind === 'object' ? [...node.keys.keys()] : []).toEqual(['pid', 'file', 'tags', 'uid']);
  });

  it('loses what null stands beside', () => {
    expect(short(read({ template: 'process', pid: null, file: { path: null } }, templates).node)).toEqual({
      pid: null,
      file: { name: 'a', path: null },
      tags: ['a', 'b'],
    });
    expect(short(read({ template: 'process', file: null }, templates).node)).toMatchObject({ file: null });
  });

  it('may use another, and be changed by the one that uses it', () => {
    expect(short(read({ template: 'outer', file: { path: 'd' } }, templates).node)).toEqual({
      pid: '‹Description ProcessId›',
      file: { name: 'c', path: 'd' },
      tags: ['a', 'b'],
      uid: 'u',
    });
  });

  it('may be a converter; keys beside it, or deep below, are laid over what it gives', () => {
    const under = { file: '‹Description Image›' };
    expect(short(read({ template: 'image', size: 1 }, templates).node)).toEqual({ under, size: 1 });
    expect(short(read({ template: 'with image', file: { size: 1 } }, templates).node)).toEqual({
      file: { under, size: 1 },
      uid: 'u',
    });
    expect(short(read({ template: 'with image', file: 'x' }, templates).node)).toEqual({
      file: 'x',
      uid: 'u',
    });
  });

  it('has its object replaced by a converter with keys beside it', () => {
    const node = { template: 'process', file: { template: 'image', size: 1 } };
    expect(short(read(node, templates).node)).toMatchObject({
      file: { under: { file: '‹Description Image›' }, size: 1 },
    });
  });

  it('has the pointers of its own text, and the keys beside it those of theirs', () => {
    const { node } = read({ template: 'process', uid: 'u' }, templates);
    const keys = node.kind === 'object' ? node.keys : new Map<string, Node>();
    expect(keys.get('pid')?.pointer).toBe('/custom_source_events/templates/process/pid');
    expect(keys.get('uid')?.pointer).toBe('/at/uid');
    expect(node.pointer).toBe('/at');
    expect(read({ template: 'process' }, templates).node.pointer).toBe(
      '/custom_source_events/templates/process',
    );
    expect(read({ first: ['a'] }).node.pointer).toBe('/at');
  });

  it('that nobody wrote is told with the nearest name', () => {
    expect(errors({ template: 'proces' }, templates)).toEqual([
      ['/at/template', 'no template "proces"; did you mean "process"?'],
    ]);
    expect(errors({ template: 'quite another' }, templates)).toEqual([
      ['/at/template', 'no template "quite another"'],
    ]);
  });

  it('may not use itself, by whatever way', () => {
    expect(errors({ template: 'a' }, { a: { x: { template: 'a' } } })).toEqual([
      ['/custom_source_events/templates/a/x/template', 'template "a" uses itself (a ► a)'],
    ]);
    expect(errors({ template: 'a' }, { a: { template: 'b' }, b: [{ template: 'a' }] })).toEqual([
      ['/custom_source_events/templates/b/0/template', 'template "a" uses itself (a ► b ► a)'],
    ]);
  });

  it('may stand twice side by side', () => {
    expect(errors({ x: { template: 'image' }, y: { template: 'image' } }, templates)).toEqual([]);
  });
});

describe('the size of a file', () => {
  const readList = (items: number): { node: Node; problems: Problem[] } => {
    const problems: Problem[] = [];
    const node = readNode(Array(items).fill(1), '', { templates: {}, problems, size: { nodes: 0 } });
    return { node, problems };
  };
  const problemsOfList = (items: number): [string, string][] =>
    readList(items).problems.map(({ pointer, message }) => [pointer, message]);
  const tooMany = 'is where the file passes 100000 nodes, its templates put in place';

  it('may be 100,000 nodes, the list itself among them', () => {
    expect(problemsOfList(99_999)).toEqual([]);
  });

  it('may not be more, and is complained of once, where it is passed', () => {
    expect(problemsOfList(100_000)).toEqual([['/99999', tooMany]]);
    expect(problemsOfList(100_010)).toEqual([['/99999', tooMany]]);
  });

  it('has nothing behind that place', () => {
    const { node } = readList(100_010);
    const kinds = node.kind === 'list' ? node.items.map(({ kind }) => kind) : [];
    expect(kinds.indexOf('nothing')).toBe(99_999);
    expect(kinds.slice(99_999)).toEqual(Array(11).fill('nothing'));
  });
});

describe('what JSON does not know', () => {
  it.each([[undefined], [() => 1], [1n]])('is refused: %p', (value) => {
    expect(errors(value)).toEqual([['/at', 'is no value that JSON knows']]);
  });
});
