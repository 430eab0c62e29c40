/**
 * Values that do not fit: in every typed attribute of all events, in both mapping files, on the events of the golden
 * pairs. Such a value is as good as absent, but counted, and its text is kept.
 */
import { describe, expect, it } from '@jest/globals';
import type { Leaf } from '../../src/mapping/compile-context.ts';
import type { CompiledEntry } from '../../src/mapping/compile.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import { attributeAt } from '../../src/ocsf/attributes.ts';
import { validateRecord } from '../../src/ocsf/validate.ts';
import { goldenEvents, mapGolden, MAPPINGS, mappingText, withField } from '../golden-pairs.ts';
import type { MappingName } from '../golden-pairs.ts';

const TOO_LARGE = ['99999999999999999999', '0xFFFFFFFFFFFFFFFFFF'];
const NO_NUMBERS = ['-1', 'four', '4.5', '0x', '0xZZ', '1e3', ' 4'];

/** By the type of the attribute at which a path stands. */
const BAD_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  integer_t: [...NO_NUMBERS, ...TOO_LARGE],
  long_t: [...NO_NUMBERS, ...TOO_LARGE],
  port_t: [...NO_NUMBERS, ...TOO_LARGE, '70000', '65536'],
  ip_t: [
    '999.1.1.1',
    '1.2.3',
    '192.0.2.1:443',
    'fe80::1::2',
    '::192.0.2.1',
    'localhost',
    '0x7f000001',
    '2001:db8::g',
  ],
  timestamp_t: ['2026-13-45 99:00:00.000', 'yesterday', '2026-03-11', '11/03/2026 09:14:02', '1773220442'],
  uuid_t: [
    '{not-a-guid}',
    '{5b2c9d10-325a-69b1-03c7-000000001f00',
    '5b2c9d10325a69b103c7000000001f00',
    '0x3E7',
  ],
};

/** By the converter that a leaf names. */
const BAD_BY_CONVERTER: Readonly<Record<string, readonly string[]>> = {
  fingerprints: [
    'Unknown',
    'SHA1=ABC',
    `MD5=${'0'.repeat(31)}`,
    `SHA256=${'g'.repeat(64)}`,
    'SHA1',
    `CRC32=${'0'.repeat(8)}`,
  ],
  user: ['EXAMPLE\\', '\\m.okafor', '\\'],
  dns_answers: ['type:  5 edge-3.exam', '::ffff:192.0', '999.1.1.1;', 'no answer;'],
  registry_value: ['HKLM', '\\'],
  process_start_time: ['{not-a-guid}', '1468'],
};

/**
 * Records that cannot be valid, because their class requires what this field alone says: the path of a registry
 * value that has no key. By EventID; of 38,276 real events none has such a value.
 */
const CLASS_REQUIRES: Readonly<Record<MappingName, readonly string[]>> = {
  OCSFmapping: [],
  'OCSFmapping.native': ['12 TargetObject', '13 TargetObject', '14 NewName'],
};

type Plain = Readonly<Record<string, unknown>>;
const plain = (record: object): Plain => JSON.parse(JSON.stringify(record)) as Plain; // true: of an object

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Plain | undefined)?.[key], value); // true: leaves name objects until their end

const texts = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(texts);
};

/** The value that stands at a JSON pointer of a mapping file. */
const nodeAt = (file: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, key) => (at as Plain | undefined)?.[key], file); // true: pointers of the compiler lead through objects

/** The field that a leaf reads, and the values that do not fit there; undefined where any text fits. */
function badValues(
  leaf: Leaf,
  entry: CompiledEntry,
  file: unknown,
): { field: string; values: readonly string[] } | undefined {
  const [ref, ...more] = leaf.reads;
  if (ref?.kind !== 'Description' || more.length > 0) return undefined;
  const field = ref.name;
  const node = nodeAt(file, leaf.pointer);
  const isPath = typeof node === 'string' && node.startsWith('$');
  const type = attributeAt(entry.ocsf, entry.ocsfClass, leaf.attribute.split('.'))?.type ?? '';
  const values =
    leaf.converter === undefined ? isPath && BAD_BY_TYPE[type] : BAD_BY_CONVERTER[leaf.converter];
  return values ? { field, values } : undefined;
}

describe.each(MAPPINGS)('a value that does not fit, mapped by %s.json', (name) => {
  const mapping = loadMapping(mappingText(name));
  const file: unknown = JSON.parse(mappingText(name));
  const cases = goldenEvents.flatMap(({ name: pair, events }) =>
    events.flatMap((event) => {
      const entry = mapping.find(event)!;
      return entry.leaves.flatMap((leaf) => {
        const bad = badValues(leaf, entry, file);
        return bad === undefined
          ? []
          : bad.values.map((text) => ({ pair, events, event, leaf, field: bad.field, text }));
      });
    }),
  );
  const mapped = cases.map((one) => {
    const { event, events, field, text } = one;
    const other = withField(event, field, text);
    const { record, failed, entry } = mapGolden(mapping, other, events);
    const absent = mapGolden(mapping, withField(event, field, '-'), events).record;
    return {
      ...one,
      record: plain(record),
      absent: plain(absent),
      failed,
      entry,
      what: `${one.pair} ${field} ${text}`,
    };
  });

  it('is tried in every typed attribute of every event', () => {
    const tried = new Set(mapped.map(({ event, field }) => `${event.EventId} ${field}`));
    // EventIDs 4, 16 and 255 have texts and a time alone, WMI events too but in the native classes.
    expect(new Set(mapped.map(({ event }) => event.EventId)).size).toBeGreaterThanOrEqual(26);
    for (const expected of [
      '3 SourcePort',
      '3 DestinationIp',
      '1 ProcessId',
      '1 Hashes',
      '1 LogonGuid',
      '1 ParentUser',
    ]) {
      expect(tried).toContain(expected);
    }
    for (const expected of ['2 PreviousCreationUtcTime', '15 Hash', '22 QueryResults']) {
      expect(tried).toContain(expected);
    }
    expect(tried.size).toBeGreaterThan(75);
  });

  it('is counted under its attribute', () => {
    const uncounted = mapped.filter(({ failed, leaf }) => !failed.includes(leaf.attribute));
    expect(uncounted.map(({ what }) => what)).toEqual([]);
  });

  it('leaves the attribute as if the field were absent', () => {
    for (const { leaf, record, absent, what } of mapped) {
      const path = leaf.attribute.split('.');
      expect({ what, value: valueAt(record, path) }).toEqual({ what, value: valueAt(absent, path) });
    }
  });

  it('is kept: in unmapped, or by another attribute as it is', () => {
    const lost = mapped.filter(({ record, field, text }) => {
      const rest = Object.entries(record).filter(([key]) => key !== 'unmapped' && key !== 'observables');
      return valueAt(record.unmapped, [field]) !== text && !texts(Object.fromEntries(rest)).includes(text);
    });
    expect(lost.map(({ what }) => what)).toEqual([]);
  });

  it('leaves a valid record, but where the class requires what it should say', () => {
    const invalid = mapped.filter(
      ({ entry, record }) => validateRecord(entry.ocsf, record).errors.length > 0,
    );
    const fields = [...new Set(invalid.map(({ event, field }) => `${event.EventId} ${field}`))].sort();
    expect(fields).toEqual([...CLASS_REQUIRES[name]].sort());
    // What an absent field does not break, no value of it may break.
    for (const { entry, absent, what } of invalid) {
      expect({ what, valid: validateRecord(entry.ocsf, absent).errors.length === 0 }).toEqual({
        what,
        valid: false,
      });
    }
  });
});

describe.each(MAPPINGS)('an unusual value, mapped by %s.json', (name) => {
  const mapping = loadMapping(mappingText(name));
  const attribute = (pair: string, field: string, text: string, path: string): unknown => {
    const { events } = goldenEvents.find((one) => one.name === pair)!;
    const { record, failed, entry } = mapGolden(mapping, withField(events[0]!, field, text), events);
    expect(validateRecord(entry.ocsf, record).errors).toEqual([]);
    return { value: valueAt(plain(record), path.split('.')), failed };
  };

  it.each([
    ['System', { name: 'System' }],
    ['<unknown process>', { name: '<unknown process>' }],
    [
      '\\\\fs1\\share\\a.exe',
      { name: 'a.exe', path: '\\\\fs1\\share\\a.exe', parent_folder: '\\\\fs1\\share' },
    ],
    ['\\Device\\Mup\\a.exe', { name: 'a.exe', path: '\\Device\\Mup\\a.exe', parent_folder: '\\Device\\Mup' }],
    ['C:\\a.txt:b', { name: 'a.txt:b', path: 'C:\\a.txt:b', parent_folder: 'C:' }],
    ['C:\\', { name: 'C:', path: 'C:\\' }],
  ])('as an image is a file: %s', (text, file) => {
    const regular = { type_id: 1, type: 'Regular File' };
    for (const [pair, path] of [
      ['011-file-create', 'actor.process.file'],
      ['001-process-create', 'process.file'],
    ] as const) {
      const { value, failed } = attribute(pair, 'Image', text, path) as { value: object; failed: unknown }; // true: as returned above
      expect(value).toMatchObject({ ...file, ...regular });
      expect(failed).toEqual([]);
    }
  });

  it('as a user is one without a domain: jdoe', () => {
    expect(attribute('011-file-create', 'User', 'jdoe', 'actor.user')).toEqual({
      value: { name: 'jdoe' },
      failed: [],
    });
  });

  it('as a GUID is one without braces', () => {
    const bare = '5b2c9d10-325a-69b1-03c7-000000001f00';
    expect(attribute('001-process-create', 'LogonGuid', bare, 'process.session.uuid')).toEqual({
      value: bare,
      failed: [],
    });
    expect(attribute('022-dns-query-failed', 'ProcessGuid', bare, 'actor.process.created_time')).toEqual({
      value: Date.UTC(2026, 2, 11, 9, 14, 2),
      failed: [],
    });
  });

  it('as answers leaves those that are whole, and its text in unmapped', () => {
    const cut = 'type:  5 edge-3.example.net;::ffff:203.0.113.40;::ffff:203.0';
    const answers = [
      { type: 'CNAME', class: 'IN', rdata: 'edge-3.example.net' },
      { type: 'A', class: 'IN', rdata: '203.0.113.40' },
    ];
    expect(attribute('022-dns-query-failed', 'QueryResults', cut, 'answers')).toEqual({
      value: answers,
      failed: ['answers'],
    });
    expect(attribute('022-dns-query-failed', 'QueryResults', cut, 'unmapped.QueryResults')).toMatchObject({
      value: cut,
    });
  });

  it('as hashes leaves those that are whole, and its text in unmapped', () => {
    const text = `SHA1=ABC,MD5=${'0A'.repeat(16)}`;
    const hashes = [{ algorithm_id: 1, algorithm: 'MD5', value: '0A'.repeat(16) }];
    expect(attribute('029-file-executable-detected', 'Hashes', text, 'file.hashes')).toEqual({
      value: hashes,
      failed: ['file.hashes'],
    });
    expect(attribute('029-file-executable-detected', 'Hashes', text, 'unmapped.Hashes')).toMatchObject({
      value: text,
    });
  });

  it.each([
    ['012-registry-create-key', 'EventType', 'activity_id', 0],
    ['004-service-state-started', 'State', 'activity_id', 0],
    ['003-network-connect-unjoined', 'Initiated', 'connection_info.direction_id', 0],
    ['003-network-connect-unjoined', 'Protocol', 'connection_info.protocol_num', undefined],
    ['001-process-create', 'IntegrityLevel', 'process.integrity_id', 99],
    ['022-dns-query-failed', 'QueryStatus', 'rcode_id', undefined],
  ])('that no list knows is not invented: %s %s', (pair, field, path, value) => {
    expect(attribute(pair, field, 'Sideways', path)).toEqual({ value, failed: [] });
    const all = goldenEvents.find((one) => one.name === pair)!.events;
    const { record } = mapGolden(mapping, withField(all[0]!, field, 'Sideways'), all);
    expect(texts(plain(record))).toContain('Sideways');
  });
});
