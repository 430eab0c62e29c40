import { describe, expect, it } from '@jest/globals';
import { readNode } from '../../src/mapping/node.ts';
import type { Scope } from '../../src/mapping/scope.ts';
import { sourceTable } from '../../src/mapping/scope.ts';
import { textOf, textSource } from '../../src/mapping/text.ts';
import { ocsfSchema } from '../../src/ocsf/schemas.ts';
import { eventOf } from './mappings.ts';

const event = eventOf({ User: 'u', Image: 'C:\\a.exe', Id: '0x10', Empty: '-' });

/** What a node gives as text, which field the text is, and what is wrong with the node. */
const read = (json: unknown) => {
  const sources = sourceTable();
  const problems: string[] = [];
  const source = textSource(readNode(json, '', { templates: {}, problems: [] }), {
    schema: ocsfSchema('1.1.0')!,
    sources,
    problem: (_, message) => problems.push(message),
  });
  const scope: Scope = { event, process: undefined, kept: [], failed: [], timeSource: undefined, source: -7 };
  const text = source(scope);
  return { text, from: sources.refs[scope.source] ?? scope.source, problems };
};

describe('textSource', () => {
  it('gives the text of a path, and says which field it is', () => {
    expect(read('$.Description.User')).toMatchObject({ text: 'u', from: { name: 'User' } });
  });

  it('gives the first text that a JSONPath finds, past those that say nothing', () => {
    expect(read('$.Description[Empty,User]')).toMatchObject({ text: 'u', from: { name: 'User' } });
    expect(read('$.Description[Empty,Nothing]').text).toBeUndefined();
  });

  it('gives what is more than a field as JSON, which is no field of its own', () => {
    const { text, from } = read('$.Description');
    expect(JSON.parse(text ?? '')).toMatchObject({ User: 'u' });
    expect(from).toBe(-1);
  });

  it('gives a literal as it stands, which is no field', () => {
    expect(read('x')).toEqual({ text: 'x', from: -1, problems: [] });
    expect(read(7).text).toBe('7');
  });

  it('gives the first that says something', () => {
    expect(read({ first: ['$.Description.Empty', '$.Description.Image', 'x'] })).toMatchObject({
      text: 'C:\\a.exe',
      from: { name: 'Image' },
    });
    expect(read({ first: ['$.Description.Empty'] }).text).toBeUndefined();
  });

  it('gives what a converter makes, which is the field only where the converter loses nothing', () => {
    const convert = (to: string, evaluate: unknown) => read({ convert: { evaluate, to } });
    expect(convert('integer', '$.Description.Id')).toMatchObject({ text: '16', from: { name: 'Id' } });
    expect(convert('process_name', '$.Description.Image')).toMatchObject({ text: 'a.exe', from: -1 });
    // What does not convert is kept by nobody.
    expect(convert('integer', '$.Description.User')).toMatchObject({ text: undefined, from: -1 });
    expect(convert('process_name', '$.Description.Empty').text).toBeUndefined();
    // An empty text says nothing.
    expect(convert('stream_name', '$.Description.Image').text).toBeUndefined();
  });

  it('gives nothing for null, without complaint', () => {
    expect(read(null)).toEqual({ text: undefined, from: -7, problems: [] });
  });

  it.each([
    ['an object', { a: 'x' }],
    ['a list', ['x']],
    ['a converter that gives an object', { convert: { evaluate: '$.Description.User', to: 'user' } }],
  ])('complains of %s, and gives nothing', (_, node) => {
    const { text, problems } = read(node);
    expect(text).toBeUndefined();
    expect(problems).toEqual([
      'should give a text: a path, "first" of paths, or a converter that gives a text',
    ]);
  });
});

describe('textOf', () => {
  it('gives text as it is, nothing for nothing, and the rest as JSON', () => {
    expect(['a', '', 1, false, [1], null, undefined].map(textOf)).toEqual([
      'a',
      '',
      '1',
      'false',
      '[1]',
      undefined,
      undefined,
    ]);
  });
});
