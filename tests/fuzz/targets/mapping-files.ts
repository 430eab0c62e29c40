/** The reader and the compiler of mapping files, on any JSON and on mappings that have been damaged. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { newLakeObject } from '../../../src/lake/parquet.ts';
import { checkMapping } from '../../../src/mapping/check.ts';
import { converters } from '../../../src/mapping/converters.ts';
import type { CompiledMapping } from '../../../src/mapping/compile.ts';
import { compileMappingText, loadMapping } from '../../../src/mapping/load.ts';
import { MappingError } from '../../../src/mapping/problem.ts';
import type { Problem } from '../../../src/mapping/problem.ts';
import { newFields } from '../../../src/sysmon/event.ts';
import type { SysmonEvent } from '../../../src/sysmon/event.ts';
import { eventUid } from '../../../src/sysmon/identity.ts';
import { sampleEvent } from '../../../src/sysmon/sample.ts';
import { hold, promised } from '../promise.ts';
import type { Target } from '../promise.ts';
import { PROTOTYPE_NAMES, text } from '../texts.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const files = ['OCSFmapping.json', 'OCSFmapping.native.json'].map((name) =>
  readFileSync(resolve(ROOT, name), 'utf8'),
);

const path = fc.oneof(
  fc.constantFrom(
    '$.EventId',
    '$.Description.Image',
    '$.Description.ProcessId',
    '$.Description.Hashes',
    '$.Process.User',
  ),
  fc.constantFrom(
    '$.Description.*',
    '$..Image',
    '$',
    '$.UserDefined.x',
    '$.__proto__',
    '$.Description.constructor',
    '$.a[',
  ),
  fc.constantFrom(
    '$..[?(@.x)]',
    '$.Description.UtcTime',
    '$.Process',
    '$.Description[Image,User]',
    '$.Description[*]~',
  ),
);
const attribute = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'process',
      'actor',
      'file',
      'pid',
      'name',
      'cmd_line',
      'hashes',
      'user',
      'device',
      'uid',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'time',
      'metadata',
      'observables',
      'unmapped',
      'class_uid',
      'activity_id',
      'type_uid',
      'severity_id',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('enum', 'convert', 'first', 'template', 'evaluate', 'values', 'other', 'to'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Foo', 'answers', 'src_endpoint', 'ip', 'port', 'version', 'profiles'),
  },
);
/** Names that the compiler has to refuse, or to keep apart: their own promise, below. */
const oddName = fc.oneof(
  fc.constantFrom(...PROTOTYPE_NAMES, 'TIME', 'foo', 'process.pid', 'a.b', '~', 'a/b'),
  text,
);

const { node } = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    path,
    fc.constantFrom<unknown>('text', 1, 0, -1, 1.5, true, null, '', '1.1.0', [], {}),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(attribute, tie('node'), { maxKeys: 5, noNullPrototype: true }),
    fc.record({
      enum: fc.record({
        evaluate: tie('node'),
        values: fc.dictionary(fc.constantFrom('1', 'true', '__proto__', 'a'), tie('node'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        other: tie('node'),
      }),
    }),
    fc.record({
      convert: fc.record({
        evaluate: tie('node'),
        to: fc.oneof(fc.constantFrom(...converters.keys()), fc.constantFrom('constructor', 'filee')),
      }),
    }),
    fc.record({ first: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ template: fc.constantFrom('t', 'u', '__proto__', 'v') }),
    fc.record({ template: fc.constantFrom('t', 'u'), name: tie('node') }),
  ),
}));

const BASE = { metadata: { version: '1.1.0', product: { vendor_name: 'x' } }, time: '$.Description.UtcTime' };
const format = fc.constantFrom('%Y-%m-%d %H:%M:%S.%f', '%Y', '', '%q');

const fileOf = (entries: unknown, templates: unknown, timeFormat: unknown = '%Y-%m-%d %H:%M:%S.%f'): string =>
  JSON.stringify({
    custom_source_events: {
      source_name: 'windows-sysmon',
      matched_field: '$.EventId',
      timestamp: { field: '$.Description.UtcTime', format: timeFormat },
      templates,
      ocsf_mapping: entries,
    },
  });

/** Files as the mapping language has them, with nodes of any kind anywhere. */
const grammatical = fc
  .tuple(
    fc.constantFrom(
      'process_activity',
      'file_activity',
      'dns_activity',
      'network_activity',
      'base_event',
      'constructor',
    ),
    fc.dictionary(attribute, node, { maxKeys: 6, noNullPrototype: true }),
    fc.record({ t: node, u: node }),
    fc.oneof({ weight: 9, arbitrary: fc.constant('%Y-%m-%d %H:%M:%S.%f') }, { weight: 1, arbitrary: format }),
    fc.option(
      fc.dictionary(path, fc.oneof(fc.constantFrom('a', 1, true), node), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
      { nil: undefined },
    ),
  )
  .map(([schema, keys, templates, timeFormat, when]) =>
    fileOf(
      { 1: { schema, schema_mapping: { ...keys, ...BASE }, ...(when && { when }) } },
      templates,
      timeFormat,
    ),
  );

/** One value of a real mapping replaced by another, or one key renamed. */
const mutated = fc
  .tuple(
    fc.constantFrom(...files),
    fc.nat(),
    fc.oneof(node, fc.jsonValue({ maxDepth: 2 })),
    fc.boolean(),
    attribute,
  )
  .map(([file, which, replacement, renames, name]) => {
    let at = 0;
    let count = 0;
    const visit = (value: unknown, act: boolean): unknown => {
      if (act && at++ === which % count) return renames ? rename(value, name) : replacement;
      if (!act) count++;
      if (Array.isArray(value)) return value.map((one: unknown) => visit(one, act));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, act)]));
    };
    const document: unknown = JSON.parse(file);
    visit(document, false);
    return JSON.stringify(visit(document, true));
  });

const rename = (value: unknown, name: string): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [name]: value };
  const [first, ...rest] = Object.entries(value);
  return Object.fromEntries(first === undefined ? [] : [[name, first[1]], ...rest]);
};

const anyFile = fc.oneof(
  { weight: 6, arbitrary: grammatical },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: text },
);

const isPointer = (pointer: string): boolean => pointer === '' || /^(?:\/(?:[^~]|~[01])*)+$/.test(pointer);

function holdsProblems(problems: readonly Problem[]): void {
  for (const { pointer, message, severity } of problems) {
    hold(isPointer(pointer), () => `no pointer: ${pointer}`);
    hold(message !== '' && ['error', 'warning'].includes(severity), 'a problem says nothing');
  }
  hold(!('polluted' in {}) && Object.keys(Object.prototype).length === 0, 'a prototype was changed');
}

const eventOf = (values: readonly string[]): SysmonEvent => {
  const Description = newFields();
  ['UtcTime', 'Image', 'ProcessId', 'Hashes', 'User', 'QueryResults'].forEach((name, i) => {
    if (values[i] !== undefined) Description[name] = values[i];
  });
  return { EventId: 1, Description, UserDefined: newFields() };
};

/** A mapping that loads maps every event, and what it makes of it is a row of the table of its class. */
function maps(mapping: CompiledMapping, events: readonly SysmonEvent[]): void {
  for (const event of events) {
    const entry = mapping.find(event);
    if (entry === undefined) continue;
    for (const join of [undefined, { outcome: 'hit', process: event.Description } as const]) {
      entry.map(event, join);
      const table = mapping.tables.get(entry.schema);
      hold(table !== undefined, 'the class has no table');
      const { row } = entry.fill(event, eventUid(event), join);
      hold(row.length === table.slots, 'the row is longer than its table');
      const object = newLakeObject(table.columns);
      object.append(row);
      object.finish();
    }
  }
}

const samples = [1, 3, 22].map((id) => sampleEvent(id, 'full')).filter((event) => event !== undefined);

export const mappingFiles: Target = {
  name: 'mapping-files',
  of: 'src/mapping: file, node, compile, check; and the rows that a mapping gives, as Parquet',
  promises: [
    promised(
      'compile, or have problems with pointers; throw nothing but MappingError; change no prototype',
      fc.property(anyFile, (file) => {
        const { mapping, problems } = compileMappingText(file);
        holdsProblems(problems);
        const isBad = problems.some(({ severity }) => severity === 'error');
        hold((mapping === undefined) === isBad, 'a mapping in spite of errors, or none without');
        try {
          loadMapping(file);
          hold(!isBad, 'loads in spite of errors');
        } catch (error) {
          hold(error instanceof MappingError && isBad, () => `throws ${String(error)}`);
        }
      }),
      { runs: 500 },
    ),
    promised(
      'that compile map any event to a row that Parquet takes',
      fc.property(grammatical, fc.array(text, { maxLength: 6 }), (file, values) => {
        const { mapping } = compileMappingText(file);
        if (mapping !== undefined) maps(mapping, [eventOf(values), ...samples]);
      }),
      { runs: 300 },
    ),
    promised(
      'of the project, damaged in one place, are checked to the end, and map events where they load',
      fc.property(mutated, (file) => {
        const problems = checkMapping(file);
        holdsProblems(problems);
        if (problems.some(({ severity }) => severity === 'error')) return;
        maps(loadMapping(file), samples.slice(0, 1));
      }),
      { runs: 10 },
    ),
    promised(
      'with an attribute of any name are refused, or give a table and a record that have it',
      fc.property(oddName, oddName, fc.boolean(), (one, other, nests) => {
        const inner = { [one]: '$.Description.Image', [other]: '$.Description.User' };
        const keys = Object.assign(Object.create(null) as object, nests ? { xx: inner } : inner, BASE);
        const { mapping } = compileMappingText(
          fileOf({ 1: { schema: 'process_activity', schema_mapping: keys } }, {}),
        );
        if (mapping === undefined) return;
        const event = eventOf(['2020-06-10 02:50:54.631', 'an image', '7', '', 'a user']);
        maps(mapping, [event]);
        const record = JSON.stringify(mapping.find(event)?.map(event).record);
        for (const value of one === other ? ['a user'] : ['an image', 'a user']) {
          hold(record.includes(JSON.stringify(value)), () => `${value} is lost`);
        }
      }),
      {
        runs: 200,
        examples: [
          ['constructor', 'x', false],
          ['__proto__', 'x', true],
          ['', 'x', false],
          ['Foo', 'foo', true],
          ['TIME', 'x', false],
        ],
      },
    ),
    promised(
      'with a name that holds a dot keep it apart from a name in an object',
      fc.property(fc.constantFrom('a', 'process'), fc.constantFrom('b', 'pid'), (outer, inner) => {
        const keys = {
          ...BASE,
          [`${outer}.${inner}`]: '$.Description.Image',
          [outer]: { [inner]: '$.Description.ProcessId' },
        };
        const { mapping } = compileMappingText(
          fileOf({ 1: { schema: 'process_activity', schema_mapping: keys } }, {}),
        );
        if (mapping === undefined) return;
        const event = eventOf(['2020-06-10 02:50:54.631', 'an image', '7']);
        maps(mapping, [event]);
        hold(JSON.stringify(mapping.find(event)?.map(event).record).includes('an image'), 'a value is lost');
      }),
      {
        runs: 4,
        examples: [
          ['a', 'b'],
          ['process', 'pid'],
        ],
      },
    ),
  ],
};
