/** Converters, paths, and what the project's own mappings make of any event. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { newLakeObject } from '../../../src/lake/parquet.ts';
import type { Converter } from '../../../src/mapping/converter.ts';
import { converters as byName } from '../../../src/mapping/converters.ts';
import { dnsAnswers } from '../../../src/mapping/converters/dns-answers.ts';
import { loadMapping } from '../../../src/mapping/load.ts';
import { outputType } from '../../../src/mapping/output.ts';
import { findPath, formatPath, parsePath, PathError, readPath } from '../../../src/mapping/path.ts';
import type { OcsfValue } from '../../../src/ocsf/column.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../../src/ocsf/schemas.ts';
import type { OcsfSchema } from '../../../src/ocsf/schema.ts';
import { checkItem } from '../../../src/ocsf/validate-item.ts';
import type { Values } from '../../../src/ocsf/validate-item.ts';
import { validateRecord } from '../../../src/ocsf/validate.ts';
import { catalogue } from '../../../src/sysmon/catalogue.ts';
import { isAbsent, newFields } from '../../../src/sysmon/event.ts';
import type { Fields } from '../../../src/sysmon/event.ts';
import { eventUid } from '../../../src/sysmon/identity.ts';
import { shapeErrors } from '../../mapping/shape.ts';
import { encodeRecords } from '../../parquet/encode-records.ts';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { damaged, PROTOTYPE_NAMES, sysmonText, text } from '../texts.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const schemas = OCSF_VERSIONS.map((version) => ocsfSchema(version)).filter((schema) => schema !== undefined);
const converter = fc.constantFrom(...byName.keys());
const any = fc.oneof({ weight: 3, arbitrary: damaged(sysmonText, text) }, { weight: 1, arbitrary: text });

const isNothing = (value: OcsfValue | undefined): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** What the validator has against the objects that a converter gives. */
function objections({ output }: Converter, schema: OcsfSchema, value: OcsfValue): string[] {
  if (!('object' in output)) return [];
  const item = schema.objects[output.object];
  hold(item !== undefined, 'OCSF has no such object');
  const validation = { schema, profiles: [], recommended: false, errors: [], warnings: [] };
  const all = output.list === true ? (value as readonly OcsfValue[]) : [value]; // true: a list by its own word
  for (const one of all) checkItem(validation, one as Values, output.object, item); // true: an object by its own word
  return validation.errors.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`);
}

/** `::192.0.2.1` is taken for no address, on purpose. */
const addressText = fc
  .oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4().map((ip) => `::ffff:${ip}`),
  )
  .filter((ip) => !/^::\d+\.\d/.test(ip));
const answers = fc.array(
  fc.oneof(
    addressText.map((ip) => ({ item: ip, address: ip })),
    fc
      .tuple(fc.nat(400), fc.stringMatching(/^[a-z0-9._-]{1,20}$/))
      .map(([type, name]) => ({ item: `type:  ${type} ${name}`, address: undefined })),
  ),
  { maxLength: 8 },
);

const step = fc.constantFrom(
  ...[
    '.',
    '..',
    '*',
    '[',
    ']',
    "'",
    '"',
    "['Image']",
    '[*]',
    '[0]',
    '[-1:]',
    '[Image,User]',
    '~',
    '^',
    ' ',
    '?',
    '(',
    '$',
    '@',
    '`',
    '\\',
  ],
  ...[
    'Image',
    'Description',
    'Process',
    'UserDefined',
    'MachineName',
    'EventId',
    'a',
    '__proto__',
    'constructor',
    '\ud800',
    'Größe',
    '\0',
  ],
);
const pathText = fc.array(step, { maxLength: 14 }).map((steps) => `$${steps.join('')}`);

const fieldsOf = (values: Readonly<Record<string, string>>): Fields => Object.assign(newFields(), values);
const room = fc
  .dictionary(fc.oneof(fc.constantFrom('Image', 'User', 'a', 'a.b', ...PROTOTYPE_NAMES), text), text, {
    maxKeys: 5,
  })
  .map(fieldsOf);

const mappings = ['OCSFmapping.json', 'OCSFmapping.native.json'].map((name) =>
  loadMapping(readFileSync(resolve(ROOT, name), 'utf8')),
);
const kinds = [...catalogue.values()];
const anyEvent = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    EventId: fc.constant(kind.id),
    Description: fc
      .tuple(
        ...kind.fields.map(({ name }) =>
          fc.oneof(
            { weight: 4, arbitrary: name.endsWith('UtcTime') ? fc.constant('2020-06-10 02:50:54.631') : any },
            { weight: 1, arbitrary: any },
          ),
        ),
        room,
      )
      .map((values) => {
        const fields = newFields();
        kind.fields.forEach(({ name }, i) => (fields[name] = values[i] as string)); // true: all but the last are texts
        return Object.assign(fields, values.at(-1));
      }),
    UserDefined: room,
    TimeCreated: fc.constantFrom('2020-06-10T02:50:55.1234567Z', ''),
    MachineName: any,
  }),
);

export const converters: Target = {
  name: 'converters',
  of: 'src/mapping/converters, path.ts, and OCSFmapping*.json on any event',
  promises: [
    promised(
      'never throw; what they give fits the type that they declare, the validator takes it, and so does Parquet',
      fc.property(converter, fc.constantFrom(...OCSF_VERSIONS), any, (called, version, given) => {
        const [one, schema] = [byName.get(called), ocsfSchema(version)];
        // What is absent is not converted.
        if (one === undefined || schema === undefined || isAbsent(given)) return;
        const value = one.convert(given, () => undefined, schema);
        if (value === undefined || isNothing(value)) return;
        const column = { name: 'x', type: outputType(one, schema) };
        same(shapeErrors({ x: value }, [column]), [], `shape of ${one.name}`);
        same(objections(one, schema, value), [], `validity of ${one.name}`);
        hold(
          !JSON.stringify(value).includes(':""'),
          () => `${one.name} gives an attribute that says nothing`,
        );
        encodeRecords([column], [{ x: value }]);
        same(
          one.convert(given, () => undefined, schema),
          value,
          `${one.name}, twice`,
        );
      }),
      { runs: 2_000 },
    ),
    promised(
      'of DNS answers give every answer in its order, addresses in their one form, and tell a list that was cut',
      fc.property(answers, fc.boolean(), fc.constantFrom('', ' ', '-;'), (list, isCut, between) => {
        const shown = list.map(({ item }) => `${item};${between}`).join('') + (isCut ? 'fe80::' : '');
        let failed = 0;
        const [schema] = schemas;
        hold(schema !== undefined, 'no schema');
        const found = dnsAnswers.convert(shown, () => failed++, schema) as readonly { rdata: string }[]; // true: by its output
        same([found.length, failed], [list.length, isCut ? 1 : 0], 'answers');
        list.forEach(({ item, address }, i) => {
          const rdata = found[i]?.rdata ?? '';
          if (address === undefined) hold(item.endsWith(` ${rdata}`), 'another name');
          else
            same(
              ipaddr.process(rdata).toNormalizedString(),
              ipaddr.process(address).toNormalizedString(),
              'address',
            );
        });
      }),
      { runs: 500 },
    ),
    promised(
      'paths: parse or are refused with PathError, are formatted as they parse, and read only what the event has of its own',
      fc.property(pathText, room, room, (shown, description, userDefined) => {
        const event = { EventId: 1, Description: description, UserDefined: userDefined, MachineName: 'host' };
        try {
          const ref = parsePath(shown);
          if (ref.kind === 'jsonpath') {
            for (const { value, source } of findPath(ref.path, event, description)) {
              hold(typeof value !== 'function', 'found what the event does not have');
              if (source !== undefined) same(readPath(source, event, description), value, 'a source');
            }
            return;
          }
          const value = readPath(ref, event, description);
          hold(value === undefined || typeof value === 'string', 'a plain path gives no text');
          if (!('name' in ref) || /^[\p{L}_@][\p{L}\p{N}_@-]*$/u.test(ref.name))
            same(parsePath(formatPath(ref)), ref, 'path');
        } catch (error) {
          hold(error instanceof PathError, () => `throws ${String(error)}`);
        }
      }),
      { runs: 2_000, examples: [['$..@', newFields(), newFields()]] },
    ),
    promised(
      'and the mappings of the project map any event to a row that Parquet takes, of which nothing is lost',
      fc.property(
        anyEvent,
        fc.constantFrom(...mappings),
        fc.constantFrom(undefined, 'hit', 'miss'),
        (event, mapping, outcome) => {
          const entry = mapping.find(event);
          hold(entry !== undefined, 'no entry');
          const table = mapping.tables.get(entry.schema);
          hold(table !== undefined, 'no table');
          const join =
            outcome === undefined
              ? undefined
              : { outcome, ...(outcome === 'hit' && { process: event.Description }) };
          const { row, timeMs } = entry.fill(event, eventUid(event), join);
          const object = newLakeObject(table.columns);
          object.append(row);
          object.finish();
          const { record } = entry.map(event, join);
          same(shapeErrors(record, table.columns), [], 'shape');
          const wrongTypes = validateRecord(entry.ocsf, record).errors.filter(
            ({ code }) => code === 'attribute_wrong_type',
          );
          same(timeMs === undefined ? [] : wrongTypes, [], 'types');
          const kept = JSON.stringify(record);
          for (const [name, value] of Object.entries(event.Description)) {
            if (value === '' || value === '-' || kept.includes(JSON.stringify(value).slice(1, -1))) continue;
            // What was told in another form (a number, an address, a list of hashes) is not there word for word.
            hold(
              catalogue.get(event.EventId)?.fields.some((field) => field.name === name) === true,
              () => `${name} is lost`,
            );
          }
        },
      ),
      { runs: 300 },
    ),
  ],
};
