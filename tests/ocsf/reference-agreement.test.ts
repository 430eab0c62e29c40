import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classByUid, OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import { validateRecord } from '../../src/ocsf/validate.ts';
import { exampleRecord, exampleRecords, type JsonObject } from './example-records.ts';
import { fullRecord } from './full-record.ts';
import { MUTATORS, mutate, mutateEverywhere, pathsOf, valueAt } from './mutants.ts';
import { asReferenceFindings, referenceAvailable, referenceFindings } from './reference-validator.ts';

const whenReference = referenceAvailable ? it : it.skip;

/** float_t: the reference tells 1 from 1.0, which JavaScript cannot. Such numbers get a fraction. */
const notWhole = (value: unknown) => (Number.isInteger(value) ? Number(value) / 2 ** 70 + 0.5 : value);

const FLOATS = /^(base_score|overall_score|percentile|coordinates|lat|long)$/;

const notWholeFloats = (record: JsonObject) =>
  JSON.parse(
    JSON.stringify(record, (key, value: unknown) => {
      if (!FLOATS.test(key)) return value;
      return Array.isArray(value) ? value.map(notWhole) : notWhole(value);
    }),
  ) as JsonObject;

describe.each(OCSF_VERSIONS)('validation of OCSF %s, beside the reference validator', (version) => {
  const schema = ocsfSchema(version)!;

  const expectAgreement = (records: readonly JsonObject[]) => {
    const reference = referenceFindings(version, records);
    expect(reference).toHaveLength(records.length);
    const disagreements = records.flatMap((record, index) => {
      const ours = asReferenceFindings(validateRecord(schema, record, { recommended: true }));
      const theirs = reference[index]!;
      if (ours.join('\n') === theirs.join('\n')) return [];
      const onlyOurs = ours.filter((finding) => !theirs.includes(finding));
      const onlyTheirs = theirs.filter((finding) => !ours.includes(finding));
      return [{ index, counts: [ours.length, theirs.length], onlyOurs, onlyTheirs }];
    });
    expect(disagreements).toEqual([]);
    return reference.flat();
  };

  whenReference('finds the same in valid records of every class', () => {
    const full = Object.values(schema.classes).map((eventClass) => fullRecord(schema, eventClass, 1));
    expectAgreement([...exampleRecords(schema), ...full]);
  });

  whenReference('finds the same when one value is broken', () => {
    const mutants = exampleRecords(schema).flatMap((record, shift) =>
      pathsOf(record).map((path, index) =>
        mutate(record, path, MUTATORS[(index + 5 * shift) % MUTATORS.length]!),
      ),
    );
    const record = exampleRecord(schema, 1001);
    const everyPair = pathsOf(record)
      .filter(([top]) => /^(activity_id|time|file|observables|unmapped)$/.test(String(top)))
      .flatMap((path) => MUTATORS.map((mutator) => mutate(record, path, mutator)));
    const readable = [...mutants, ...everyPair].filter(
      ({ class_uid, observables }) =>
        // The reference knows all classes of OCSF; and it fails itself on observables that are a number or true.
        (typeof class_uid !== 'number' || classByUid(schema, class_uid) !== undefined) &&
        typeof observables !== 'number' &&
        typeof observables !== 'boolean',
    );
    expectAgreement(readable.map(notWholeFloats));
  });

  whenReference('finds the same when every value of a full record is broken', () => {
    const mutants = Object.values(schema.classes).flatMap((eventClass) => {
      // Deeper in one class: its endpoints have ports, URLs, addresses.
      const record = fullRecord(schema, eventClass, eventClass.uid === 4010 ? 1 : 0);
      return MUTATORS.map((_, shift) => notWholeFloats(mutateEverywhere(record, shift)));
    });
    const found = new Set(expectAgreement(mutants).map((finding) => finding.split(' ')[1]));
    expect([...found]).toEqual(
      expect.arrayContaining([
        'attribute_deprecated',
        'attribute_enum_sibling_incorrect',
        'attribute_enum_value_unknown',
        'attribute_recommended_missing',
        'attribute_required_missing',
        'attribute_value_exceeds_range',
        'attribute_value_regex_not_matched',
        'attribute_wrong_type',
        'class_deprecated',
        'constraint_failed',
        'observable_name_invalid_reference',
        'type_uid_incorrect',
      ]),
    );
  });

  whenReference('finds the same in what stands for the record as a whole', () => {
    const record = exampleRecord(schema, 1001);
    const at = (path: string) => (value: unknown) => mutate(record, path.split('.'), () => value);
    const classUids = [null, '1001', true, 1.5, 1, 99_999_999, -1, [], {}].map(at('class_uid'));
    const versions = [
      ...['1.1.0', '1.3.0', '1.0.0', '1.2.9', '0.99.99', '1.10.0', '2.0.0', '1.1.0-dev', '1.0.0-rc.2'],
      ...['1.3.0-', '1.3.0-a_b', 'v1.1.0', '1.1', '1.1.0.0', '', '1.1.0\n', '1.0.0\n', '01.1.0', ' 1.1.0'],
      ...[null, 1.1, {}],
    ].map(at('metadata.version'));
    const profiles = [
      ...[
        [],
        ['host'],
        ['cloud'],
        ['hosts', 'linux/linux_users'],
        ['linux_users'],
        ['security_control', 'host', 'x'],
      ],
      ...[[1, null, {}], ['constructor', '__proto__'], 'host', null, { host: 1 }],
    ].map(at('metadata.profiles'));
    const metadata = [null, [], 'x', {}].map(at('metadata'));
    const typeUids = [100_101, 100_102, 100_100, '100101', null, true, 0, -1].map(at('type_uid'));
    const activities = [0, 1, 2, 99, 50, '1', true, null, 1.5, [1]].map(at('activity_id'));
    const activityNames = ['Create', 'create', '', null, 1, ['Create']].map(at('activity_name'));
    const other = ['Other', 'Create', null].map((name) => ({
      ...record,
      activity_id: 99,
      activity_name: name,
    }));
    // JSON.parse, because an object literal would take __proto__ for something else.
    const unknowns = ['constructor', '__proto__', 'toString', 'Device', 'win/reg_key'].map((name) => ({
      ...record,
      ...(JSON.parse(`{${JSON.stringify(name)}: null}`) as JsonObject),
    }));
    expectAgreement([
      ...[classUids, versions, profiles, metadata, typeUids, activities, activityNames, other].flat(),
      ...unknowns,
      {},
    ]);
  });

  whenReference('finds the same in the names of observables', () => {
    const names = [
      ...[
        'device',
        'device.hostname',
        'device.os.name',
        'Device',
        'device.',
        '.device',
        '',
        '.',
        'device..os',
      ],
      ...['actor.process.parent_process.parent_process.name', 'file.hashes.value', 'file.hashes[0].value'],
      ...['file.hashes[].value', 'file.hashes[a.b].value', 'file[0].name', 'file.hashes[0]', 'file.hashes[0'],
      ...[
        'file.hashes0]',
        'file.hashes[0].value.x',
        'file.hashes[0][1].value',
        '[0]',
        'unmapped',
        'unmapped.x',
      ],
      ...[
        'attacks[0].technique.uid',
        'cloud.region',
        'time_dt',
        'time',
        'time.x',
        'file.hashes[0]\n',
        'file\n',
      ],
      ...['file.hashes[\n]', 'constructor', 'device.constructor', '__proto__', 'file.hashes[]]', 'file.[0]'],
    ];
    const record = exampleRecord(schema, 1001);
    expectAgreement([
      { ...record, observables: names.map((name) => ({ name, type_id: 0 })) },
      {
        ...record,
        observables: [null, 'x', { name: 1 }, [], { name: 'device.os', type_id: 99, type: 'Other' }],
      },
      { ...record, observables: { name: 'nowhere' } },
      { ...record, observables: 'nowhere' },
    ]);
  });

  whenReference('reads the expressions of the types as the reference does', () => {
    const record = exampleRecord(schema, 1001);
    const places = ['device.hostname', 'device.ip', 'device.mac', 'time_dt', 'actor.user.email_addr'].map(
      (path) => path.split('.'),
    );
    places.push(['actor', 'process', 'session', 'uuid'], ['device', 'os', 'name']);
    const marks = [
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      ' ',
      '\u00a0',
      '\u0085',
      '\u001c',
      '\ufeff',
      '\u2028',
      '\u3000',
    ];
    const kernels = [
      ...places.map((place) => String(valueAt(record, place))),
      ...[
        'a_b.example',
        'a-.b',
        '-a.b',
        'a.b.',
        'xn--bcher-kva.example',
        'b\u00fccher.example',
        'localhost',
        '1',
      ],
      ...[
        '256.1.1.1',
        '1.2.3',
        '1.2.3.4.5',
        '1a2b3c4',
        '::',
        '::1',
        'fe80::1%eth0',
        'fe80::1%',
        '::ffff:10.0.0.1',
      ],
      ...[
        '1:2:3:4:5:6:7:8',
        '1:2:3:4:5:6:7:8:9',
        'g::1',
        '1\u20282\u20283\u20284',
        '::1%a\u2028b',
        '::1%a\nb',
      ],
      ...['02-00-00-00-00-01', '020000000001', '02:00:00:00:00:0g', '\u0662\u0660:00:00:00:00:01'],
      ...['2026-01-02T03:04:05', '2026-01-02T03:04:05.', '2026-01-02 03:04:05Z', '2026-01-02T03:04:05+01:00'],
      ...['\u0662\u0660\u0662\u0666-01-02T03:04:05Z', '::\u0661\u0662.1.1.1', '::1.1\u0661.1.1'],
      ...[
        '{11111111-2222-3333-4444-555555555555}',
        '11111111-2222-3333-4444-55555555555',
        'a@b',
        'a@b.c',
        "'@b.c",
      ],
      ...['a*b@b.c', '\u{1f600}@b.c', 'a@b.c.-', '@b.c', 'a@b_c.d', '-', ''],
    ];
    const sampled = fc.sample(
      fc.string({ unit: fc.constantFrom(...Array.from('a1.:-@% \nZT+_g')), maxLength: 24 }),
      {
        numRuns: 80,
        seed: 20260102,
      },
    );
    // Every mark around the valid texts, one of each kind; the rest only as they are.
    const marked = kernels
      .slice(0, places.length)
      .flatMap((text) => marks.flatMap((mark) => [text + mark, mark + text]));
    const texts = [...kernels, ...marked, ...sampled];
    expectAgreement(
      texts.map((text) => places.reduce((mutant, place) => mutate(mutant, place, () => text), record)),
    );
  });

  whenReference('counts the characters of a text as the reference does', () => {
    const texts = ['x', '\u{1f600}', 'e\u0301'].flatMap((unit) =>
      [65_534, 65_535, 65_536].map((length) => unit.repeat(Math.ceil(length / Array.from(unit).length))),
    );
    const record = exampleRecord(schema, 1007);
    expectAgreement(texts.map((text) => mutate(record, ['process', 'cmd_line'], () => text)));
  });
});
