import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import { validateRecord } from '../../src/ocsf/validate.ts';
import type { OcsfSchema } from '../../src/ocsf/schema.ts';
import { exampleRecord, exampleRecords } from './example-records.ts';
import { fullRecord } from './full-record.ts';
import { mutate, pathsOf } from './mutants.ts';
import { asReferenceFindings } from './reference-validator.ts';

const schema = ocsfSchema('1.1.0')!;
const fileRecord = exampleRecord(schema, 1001);

/** The findings after one value of a valid record is replaced. */
const findingsWith = (path: string, value: unknown) =>
  asReferenceFindings(
    validateRecord(
      schema,
      mutate(fileRecord, path.split('.'), () => value),
    ),
  );

describe.each(OCSF_VERSIONS)('validateRecord with OCSF %s', (version) => {
  const versionSchema = ocsfSchema(version)!;

  it('has nothing against a valid record of any class', () => {
    for (const record of exampleRecords(versionSchema)) {
      const isDeprecated = record.class_uid === 4010;
      expect(asReferenceFindings(validateRecord(versionSchema, record))).toEqual(
        isDeprecated ? ['W class_deprecated '] : [],
      );
    }
  });

  it('has an example of every class', () => {
    expect(exampleRecords(versionSchema)).toHaveLength(Object.keys(versionSchema.classes).length);
  });

  it('finds no error in records that use every attribute, other than ids that a sample cannot know', () => {
    for (const eventClass of Object.values(versionSchema.classes)) {
      const record = fullRecord(versionSchema, eventClass, 0);
      const { errors } = validateRecord(versionSchema, record);
      const remaining = errors.filter(
        ({ path }) => !/^(activity_id|type_uid|observables\[0\]\.name)$/.test(path),
      );
      expect(remaining).toEqual([]);
    }
  });
});

describe('validateRecord', () => {
  it.each([
    ['severity_id', undefined, ['E attribute_required_missing severity_id']],
    ['severity_id', null, ['E attribute_required_missing severity_id']],
    ['file.name', null, ['E attribute_required_missing file.name']],
    ['time', '1700000000000', ['E attribute_wrong_type time']],
    ['file.size', 1.5, ['E attribute_wrong_type file.size']],
    ['file', [], ['E attribute_wrong_type file']],
    ['file.hashes', {}, ['E attribute_wrong_type file.hashes']],
    ['file.hashes', [null], ['E attribute_wrong_type file.hashes[0]']],
    ['device.surprise', null, ['E attribute_unknown device.surprise']],
    ['action', 'Denied', ['W attribute_enum_sibling_incorrect action']],
    ['file.type_id', 98, ['E attribute_enum_value_unknown file.type_id']],
    ['file.type_id', '1', ['E attribute_wrong_type file.type_id']],
    ['type_uid', 100_102, ['E type_uid_incorrect type_uid']],
    [
      'device.os',
      {},
      ['E attribute_required_missing device.os.name', 'E attribute_required_missing device.os.type_id'],
    ],
    ['actor', {}, ['E constraint_failed actor']],
    ['actor', { process: null }, []],
    ['device.hostname', 'no_host', ['W attribute_value_regex_not_matched device.hostname']],
    ['file.hashes.0.value', 'a'.repeat(65), ['E attribute_value_exceeds_max_len file.hashes[0].value']],
    ['metadata.version', '1.0.0', ['W version_earlier metadata.version']],
    ['metadata.version', '1.2.0', ['E version_incompatible_later metadata.version']],
    ['metadata.version', 'newest', ['E version_malformed metadata.version']],
    ['observables.0.name', 'device.host', ['E observable_name_invalid_reference observables[0].name']],
    ['class_uid', null, ['E attribute_required_missing class_uid']],
    ['class_uid', '1001', ['E attribute_wrong_type class_uid']],
    ['class_uid', 2001, ['E class_uid_unknown class_uid']],
  ])('finds with %s = %j: %j', (path, value, expected) => {
    expect(findingsWith(path, value)).toEqual(expected);
  });

  it('knows attributes of a profile only in records that name it', () => {
    expect(findingsWith('metadata.profiles', ['host', 'datetime'])).toEqual(
      ['action', 'action_id', 'attacks', 'disposition', 'disposition_id'].map(
        (name) => `E attribute_unknown ${name}`,
      ),
    );
  });

  it('finds profiles that the version does not have', () => {
    const profiles = ['host', 'security_control', 'datetime', 'osint'];
    expect(findingsWith('metadata.profiles', profiles)).toEqual(['E profile_unknown metadata.profiles[3]']);
  });

  it('wants the source’s own word beside 99, not the caption', () => {
    expect(findingsWith('file.hashes.1.algorithm', 'Other')).toEqual([
      'W attribute_enum_sibling_suspicious_other file.hashes[1].algorithm_id',
    ]);
  });

  it('warns of missing recommended attributes only when asked', () => {
    const { warnings } = validateRecord(schema, fileRecord, { recommended: true });
    expect(warnings.map(({ path }) => path)).toContain('metadata.log_name');
    expect(validateRecord(schema, fileRecord).warnings).toEqual([]);
  });

  it('takes a key with the value undefined for an absent one', () => {
    expect(validateRecord(schema, { ...fileRecord, surprise: undefined, message: undefined }).errors).toEqual(
      [],
    );
  });

  it('refuses what is not an object', () => {
    for (const record of [null, undefined, 'x', 1, [], [fileRecord]]) {
      expect(asReferenceFindings(validateRecord(schema, record))).toEqual(['E attribute_wrong_type ']);
    }
  });

  it('reads any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(fileRecord)), fc.jsonValue(), (path, value) => {
        const { errors, warnings } = validateRecord(
          schema,
          mutate(fileRecord, path, () => value),
        );
        expect([...errors, ...warnings].every(({ message }) => message !== '')).toBe(true);
      }),
    );
  });

  it('keeps the text of the event out of its messages', () => {
    const secret = 'hunter2 \u00a7';
    for (const path of pathsOf(fileRecord)) {
      const { errors, warnings } = validateRecord(
        schema,
        mutate(fileRecord, path, () => secret),
      );
      const messages = [...errors, ...warnings].map(({ message }) => message);
      expect(messages.filter((message) => message.includes(secret))).toEqual([]);
    }
  });
});

/** What no class of the two versions has: just_one and deprecated ids. */
describe('validateRecord with a schema that is not among the kept ones', () => {
  const small: OcsfSchema = {
    version: '1.1.0',
    profiles: [],
    extensions: {},
    types: { integer_t: { primitive: 'integer_t' }, string_t: { primitive: 'string_t' } },
    objects: {},
    classes: {
      small: {
        name: 'small',
        caption: 'Small',
        uid: 7,
        categoryUid: 0,
        categoryName: 'None',
        profiles: [],
        constraints: { just_one: ['left', 'right'] },
        attributes: {
          class_uid: { type: 'integer_t', requirement: 'required' },
          left: { type: 'string_t', requirement: 'optional', deprecated: true },
          right: {
            type: 'integer_t',
            requirement: 'optional',
            enum: { 1: 'One', 2: 'Two' },
            deprecatedIds: ['2'],
          },
        },
      },
    },
  };
  const find = (values: object) => asReferenceFindings(validateRecord(small, { class_uid: 7, ...values }));

  it('wants one of the attributes of just_one, and one only', () => {
    expect(find({ right: 1 })).toEqual([]);
    expect(find({})).toEqual(['E constraint_failed ']);
    expect(find({ left: null, right: 1 })).toEqual(['E constraint_failed ']);
  });

  it('warns of deprecated attributes and ids', () => {
    expect(find({ left: 'x' })).toEqual(['W attribute_deprecated left']);
    expect(find({ right: 2 })).toEqual(['W attribute_enum_value_deprecated right']);
  });
});
