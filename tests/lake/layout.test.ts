import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkedName,
  classFolder,
  eventDayOf,
  LayoutError,
  objectKey,
  safeName,
  sourceNameFor,
} from '../../src/lake/layout.ts';

const parts = {
  location: 'ext/windows-sysmon',
  schema: 'process_activity',
  region: 'eu-central-1',
  accountId: '123456789012',
  eventDay: '20240229',
  name: 'shard-0_495..497',
};

describe('objectKey', () => {
  it('is the partition path of Security Lake, a folder for each class', () => {
    expect(objectKey(parts)).toBe(
      'ext/windows-sysmon/process_activity/region=eu-central-1/accountId=123456789012/eventDay=20240229/shard-0_495..497.zstd.parquet',
    );
    expect(objectKey({ ...parts, location: '' })).toMatch(/^process_activity\/region=eu-central-1\//);
  });

  it('makes each class a source of its own in the layout per-source', () => {
    const key = objectKey({ ...parts, layout: 'per-source' });
    expect(key).toMatch(/^ext\/sysmon-process\/region=eu-central-1\/accountId=/);
    expect(key.startsWith(`${classFolder({ ...parts, layout: 'per-source' })}/region=`)).toBe(true);
    expect(() => objectKey({ ...parts, layout: 'per-source', location: '' })).toThrow(LayoutError);
  });

  const nowhere = ['', '.', '..', '../x', 'a/b', 'a\\b', 'a\nb', 'a\0b', 'a b', 'é'];
  it.each([
    ['location', ['/', '/ext', 'ext/', 'ext//x', '../x', 'ext/..', 'ext/./x', 'a\\b', 'ext/a=b', 'a\0']],
    [
      'schema',
      [...nowhere, 'win/registry_key_activity', 'Process', '1x', '_x', 'a=b', 'a-b', 'process_activity\n'],
    ],
    ['region', [...nowhere, 'EU', 'a=b', 'a_b']],
    ['accountId', [...nowhere, 'a=b', '1.2']],
    [
      'eventDay',
      [...nowhere, '2024-02-29', '20230229', '20241301', '2024022', '202402290', '00000000', '2024 101'],
    ],
    ['name', [...nowhere, '.hidden', 'a=b', 'x'.repeat(201)]],
  ] as const)('refuses a %s that would break the path', (part, values) => {
    for (const value of values) {
      expect(() => objectKey({ ...parts, [part]: value })).toThrow(
        expect.objectContaining({ name: 'LayoutError', part, value }),
      );
    }
  });

  it('has the same folders for whatever passes', () => {
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(Object.keys(parts).map((part) => [part, fc.string()]))),
        (given) => {
          let key: string;
          try {
            key = objectKey({ ...parts, ...given });
          } catch (error) {
            expect(error).toBeInstanceOf(LayoutError);
            return;
          }
          expect(key.split('/').every((folder) => !['', '.', '..'].includes(folder))).toBe(true);
        },
      ),
    );
  });
});

describe('eventDayOf', () => {
  it('is the UTC day', () => {
    expect(eventDayOf(Date.UTC(2024, 0, 15, 23, 59, 59, 999))).toBe('20240115');
    expect(eventDayOf(Date.UTC(2024, 0, 16))).toBe('20240116');
    expect(eventDayOf(0)).toBe('19700101');
    expect(eventDayOf(-1)).toBe('19691231');
  });

  it.each([NaN, Infinity, 8.64e15 + 1, Date.UTC(10000, 0, 1), Date.UTC(-1, 0, 1)])('refuses %p', (timeMs) => {
    expect(() => eventDayOf(timeMs)).toThrow(
      expect.objectContaining({ name: 'LayoutError', part: 'timeMs' }),
    );
  });

  it('gives a day that a key may have, for every time it takes', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(253402300799999) }),
        (time) => {
          expect(objectKey({ ...parts, eventDay: eventDayOf(time.getTime()) })).toContain('eventDay=');
        },
      ),
    );
  });
});

const shared = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'ocsf');

describe('sourceNameFor', () => {
  it.each([
    ['process_activity', 'sysmon-process'],
    ['network_activity', 'sysmon-network'],
    ['dns_activity', 'sysmon-dns'],
    ['file_activity', 'sysmon-file'],
    ['registry_key_activity', 'sysmon-registry_key'],
    ['base_event', 'sysmon-base_event'],
  ])('names %s %s', (schema, name) => {
    expect(sourceNameFor(schema, 'windows-sysmon')).toBe(name);
  });

  it('cuts long names with a hash, so that they stay apart', () => {
    const names = ['registry_value_activity', 'registry_value_query'].map((schema) =>
      sourceNameFor(schema, 'windows-sysmon'),
    );
    expect(names[0]).toMatch(/^sysmon-registry-[0-9a-f]{4}$/);
    expect(new Set(names).size).toBe(2);
  });

  (existsSync(shared) ? it : it.skip)('tells all classes of OCSF 1.1.0 and 1.3.0 apart', async () => {
    for (const version of ['1.1.0', '1.3.0']) {
      const text = await readFile(path.join(shared, `ocsf-${version}.json`), 'utf8');
      const { classes } = JSON.parse(text) as { classes: Record<string, unknown> };
      const schemas = [...new Set(Object.keys(classes).map((name) => name.replace(/^.*\//, '')))];
      const names = schemas.map((schema) => sourceNameFor(schema, 'windows-sysmon'));
      expect(schemas.length).toBeGreaterThan(30);
      expect(new Set(names).size).toBe(schemas.length);
      expect(names.filter((name) => name.length > 20)).toEqual([]);
    }
  });

  it('gives a valid name of at most 20 characters for any source', () => {
    const sourceName = fc.stringMatching(/^[\w\-:.]{1,64}$/).filter((name) => !/^\.{1,2}$/.test(name));
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9_]{0,40}$/), sourceName, (schema, source) => {
        expect(sourceNameFor(schema, source)).toMatch(/^[\w\-:.]{1,20}$/);
      }),
    );
  });

  it.each(['', '.', '..', 'a/b', 'a b', 'x'.repeat(65)])('refuses the source name %j', (sourceName) => {
    expect(() => sourceNameFor('process_activity', sourceName)).toThrow(LayoutError);
  });
});

describe('safeName', () => {
  it('leaves a name that is safe as it is', () => {
    expect(safeName('Sysmon_host-1.ndjson.gz')).toBe('Sysmon_host-1.ndjson.gz');
  });

  it('replaces other characters and marks the name with a hash of the text', () => {
    expect(safeName('C:\\logs\\a b.xml')).toMatch(/^C__logs_a_b\.xml-[0-9a-f]{8}$/);
    expect(safeName('.hidden')).toMatch(/^_hidden-[0-9a-f]{8}$/);
    expect(safeName('')).toMatch(/^_-[0-9a-f]{8}$/);
    expect(safeName('x'.repeat(81))).toMatch(/^x{71}-[0-9a-f]{8}$/);
  });

  it('keeps texts apart that differ only in what it replaces or cuts', () => {
    expect(safeName('a b')).not.toBe(safeName('a\tb'));
    expect(safeName('a b')).not.toBe(safeName('a_b'));
    expect(safeName(`${'x'.repeat(90)}1`)).not.toBe(safeName(`${'x'.repeat(90)}2`));
  });

  it('gives the same part of a key for the same text, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = safeName(text);
        expect(checkedName(name)).toBe(name);
        expect(name.length).toBeLessThanOrEqual(80);
        expect(safeName(text)).toBe(name);
      }),
    );
  });
});
