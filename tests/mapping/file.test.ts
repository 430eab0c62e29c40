import { describe, expect, it } from '@jest/globals';
import { readMappingFile } from '../../src/mapping/file.ts';
import { entriesText, nodeText } from './mappings.ts';

const errors = (text: string): [string, string][] =>
  readMappingFile(text).problems.map(({ pointer, message }) => [pointer, message]);

const entry = { schema: 'process_activity', schema_mapping: {} };
const withFrame = (changes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    custom_source_events: {
      source_name: 's',
      matched_field: '$.EventId',
      timestamp: { field: '$.Description.UtcTime', format: '%s' },
      ocsf_mapping: { '1': entry },
      ...changes,
    },
  });
const withEntry = (changes: Readonly<Record<string, unknown>>): string =>
  withFrame({ ocsf_mapping: { '1': { ...entry, ...changes } } });

const AT = '/custom_source_events';

describe('a mapping file', () => {
  it('is read with its entries in the order of the file', () => {
    const { file, problems } = readMappingFile(
      entriesText({
        b: entry,
        a: [{ ...entry, when: { '$.Description.EventType': ['CreateKey', 'DeleteKey'], $: 1 } }, entry],
      }),
    );
    expect(problems.map(({ pointer }) => pointer)).toEqual([`${AT}/ocsf_mapping/a/0/when/$`]);
    expect(file?.sourceName).toBe('windows-sysmon');
    expect(file?.matchedField).toEqual({ kind: 'EventId' });
    expect(file?.timestamp.ref).toEqual({ kind: 'Description', name: 'UtcTime' });
    expect(file?.timestamp.parse('2020-01-01')).toBeUndefined();
    expect(file?.timestamp.parse('2020-01-01 00:00:00.500')).toBe(Date.UTC(2020, 0, 1) + 500);
    expect(file?.entries.map(({ key, pointer }) => [key, pointer])).toEqual([
      ['b', `${AT}/ocsf_mapping/b`],
      ['a', `${AT}/ocsf_mapping/a/1`],
    ]);
  });

  it('has conditions as texts', () => {
    const when = { '$.Description.Initiated': true, '$.Description.ProcessId': [4, '8'] };
    expect(readMappingFile(withEntry({ when })).file?.entries[0]?.when).toEqual([
      {
        ref: { kind: 'Description', name: 'Initiated' },
        values: ['true'],
        pointer: '/custom_source_events/ocsf_mapping/1/when/$.Description.Initiated',
      },
      {
        ref: { kind: 'Description', name: 'ProcessId' },
        values: ['4', '8'],
        pointer: '/custom_source_events/ocsf_mapping/1/when/$.Description.ProcessId',
      },
    ]);
  });

  it('may begin with a byte order mark, and name its JSON Schema', () => {
    expect(errors(`\uFEFF${nodeText({})}`)).toEqual([]);
    const named: unknown = { $schema: 'x.json', ...(JSON.parse(nodeText({})) as object) };
    expect(errors(JSON.stringify(named))).toEqual([]);
  });

  it.each([
    ['', 'is not JSON: Unexpected end of JSON input'],
    ['{', "is not JSON (line 1): Expected property name or '}'"],
    ['{"a": 1,\n\n "b" 2\n\n}', "is not JSON (line 3): Expected ':' after property name"],
    ['not json at all', "is not JSON: Unexpected token 'o'"],
    ['{"a": x, "secret": 1}\n', "is not JSON: Unexpected token 'x'"],
  ])('that is not JSON is told so, with the line where there is one, and without its text', (text, told) => {
    expect(errors(text)).toEqual([['', told]]);
  });

  it('that is not JSON is told without the part of it that the parser quotes', () => {
    const long = 'x'.repeat(50);
    const [[, message] = ['', '']] = errors(`{"a": "${long}", "secret": nope, "more": "${long}"}`);
    expect(message).toMatch(/^is not JSON: Unexpected token 'o'/);
    expect(message).not.toMatch(/secret|nope|more/);
  });

  it.each([
    ['[]', '', 'expected object, received array'],
    ['null', '', 'expected object, received null'],
    ['{}', AT, 'is missing; it should be object'],
    [withFrame({ source_name: '' }), `${AT}/source_name`, 'is empty'],
    [withFrame({ matched_field: 7 }), `${AT}/matched_field`, 'expected string, received number'],
    [
      withFrame({ matched_field: 'EventId' }),
      `${AT}/matched_field`,
      '"EventId" is no path; a path begins with "$."',
    ],
    [
      withFrame({ matched_field: '$.Description.*' }),
      `${AT}/matched_field`,
      '"$.Description.*" does not name one field of the event, as $.EventId does',
    ],
    [withFrame({ matched_field: '$.a[' }), `${AT}/matched_field`, '"$.a[" is not a JSONPath'],
    [withFrame({ timestamp: '$.x' }), `${AT}/timestamp`, 'expected object, received string'],
    [
      withFrame({ timestamp: { field: 'UtcTime', format: '%s' } }),
      `${AT}/timestamp/field`,
      '"UtcTime" is no path; a path begins with "$."',
    ],
    [withFrame({ timestamp: { field: '$.x' } }), `${AT}/timestamp/format`, 'is missing; it should be string'],
    [
      withFrame({ timestamp: { field: '$.x', format: '%Q' } }),
      `${AT}/timestamp/format`,
      'time format "%Q": %Q is unsupported',
    ],
    [
      withFrame({ timestamp: { field: '$.x', format: '%s', fromat: '' } }),
      `${AT}/timestamp/fromat`,
      'unknown key; did you mean "format"?',
    ],
    [withFrame({ template: {} }), `${AT}/template`, 'unknown key; did you mean "templates"?'],
    [withFrame({ templates: [] }), `${AT}/templates`, 'expected object, received array'],
    [withFrame({ ocsf_mapping: undefined }), `${AT}/ocsf_mapping`, 'is missing; it should be object'],
    [withFrame({ ocsf_mapping: {} }), `${AT}/ocsf_mapping`, 'maps no event'],
    [withFrame({ ocsf_mapping: { '1': [] } }), `${AT}/ocsf_mapping/1`, 'maps no event'],
    [withFrame({ ocsf_mapping: { '1': 'x' } }), `${AT}/ocsf_mapping/1`, 'expected object, received string'],
    [
      withFrame({ ocsf_mapping: { '1': [entry, 7] } }),
      `${AT}/ocsf_mapping/1/1`,
      'expected object, received number',
    ],
    [
      withEntry({ schema: 'Process Activity' }),
      `${AT}/ocsf_mapping/1/schema`,
      'a schema is named in lower case letters, digits and _, as OCSF names its classes',
    ],
    ...['../x', 'x/../y', 'x\n'].map((schema) => [
      withEntry({ schema }),
      `${AT}/ocsf_mapping/1/schema`,
      'a schema is named in lower case letters, digits and _, as OCSF names its classes',
    ]),
    [
      withEntry({ schema_mapping: [] }),
      `${AT}/ocsf_mapping/1/schema_mapping`,
      'expected object, received array',
    ],
    [
      withEntry({ schema_maping: {} }),
      `${AT}/ocsf_mapping/1/schema_maping`,
      'unknown key; did you mean "schema_mapping"?',
    ],
    [
      withEntry({ when: { 'Description.x': 'a' } }),
      `${AT}/ocsf_mapping/1/when/Description.x`,
      '"Description.x" is no path; a path begins with "$."',
    ],
    [
      withEntry({ when: { '$.Process.Image': 'a' } }),
      `${AT}/ocsf_mapping/1/when/$.Process.Image`,
      '"$.Process.Image" does not name one field of the event, as $.EventId does',
    ],
    [
      withEntry({ when: { '$.a': { b: 1 } } }),
      `${AT}/ocsf_mapping/1/when/$.a`,
      'expected a text, a number, true or false, or a list of these',
    ],
    [
      withEntry({ when: { '$.a': [] } }),
      `${AT}/ocsf_mapping/1/when/$.a`,
      'Too small: expected array to have >=1 items',
    ],
    [
      withEntry({ when: { '$.a': ['x', { b: 1 }] } }),
      `${AT}/ocsf_mapping/1/when/$.a/1`,
      'expected a text, a number, true or false, or a list of these',
    ],
  ])('%s is refused', (text, pointer, message) => {
    expect(errors(text)).toEqual([[pointer, message]]);
  });

  it('has the problems of a template told once, however often it is used', () => {
    const text = withFrame({
      templates: { unused: { a: '$.x[' }, used: { template: 'unused' } },
      ocsf_mapping: {
        '1': { schema: 'x', schema_mapping: { a: { template: 'used' }, b: { template: 'used' } } },
      },
    });
    expect(new Set(errors(text).map(([pointer]) => pointer))).toEqual(new Set([`${AT}/templates/unused/a`]));
  });

  it('is refused where its templates, put in place, are more than can be read', () => {
    const doubling = Array.from({ length: 17 }, (_, i) => [
      `t${i}`,
      i === 0 ? 'x' : [{ template: `t${i - 1}` }, { template: `t${i - 1}` }],
    ]);
    const told = errors(withFrame({ templates: Object.fromEntries(doubling) as unknown }));
    expect(told.map(([, message]) => message)).toEqual([
      'is where the file passes 100000 nodes, its templates put in place',
    ]);
  });
});
