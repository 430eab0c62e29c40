/**
 * The whole way on whole inputs: what lies in the lake is what `map` prints, for every record and every column, in
 * two independent readers; and neither the order of the input nor another run changes it.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { map } from '../../src/cli/map.ts';
import { transform } from '../../src/cli/transform.ts';
import type { Counts } from '../../src/counts.ts';
import { memoryProcessTable } from '../../src/join/memory-process-table.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import type { OcsfRecord } from '../../src/ocsf/column.ts';
import { ocsfSchema } from '../../src/ocsf/schemas.ts';
import { validateRecord } from '../../src/ocsf/validate.ts';
import { mapBatch } from '../../src/pipeline.ts';
import { decompress } from '../../src/sources/decompress.ts';
import type { RawRecord } from '../../src/sources/source.ts';
import { splitRecords } from '../../src/sources/split.ts';
import { missingFields } from '../conservation.ts';
import { expectedRows, readWithDuckDb, readWithHyparquet } from '../lake/parquet-readers.ts';
import { referenceAvailable, referenceFindings } from '../ocsf/reference-validator.ts';
import { collect } from '../sources/collect.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAPPINGS = ['OCSFmapping.json', 'OCSFmapping.native.json'] as const;
const PATIENCE_MS = 600_000;

const mappingPath = (name: string): string => path.join(ROOT, name);
const mappingOf = (name: string) => loadMapping(readFileSync(mappingPath(name), 'utf8'));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-way-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mapped(
  inputs: readonly string[],
  mapping: string,
): Promise<{ records: OcsfRecord[]; counts: Counts }> {
  const lines: string[] = [];
  const write = (text: string): Promise<void> => {
    lines.push(text);
    return Promise.resolve();
  };
  const { counts } = await map(inputs, { mapping: mappingPath(mapping), format: 'auto' }, { write });
  const records = lines
    .flatMap((text) => text.trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as OcsfRecord); // true: a line is what map made of a record
  return { records, counts };
}

const written = (
  inputs: readonly string[],
  out: string,
  mapping: string,
  workers = 1,
): ReturnType<typeof transform> =>
  transform(inputs, {
    out,
    workers,
    mapping: mappingPath(mapping),
    format: 'auto',
    region: 'local',
    accountId: 'external',
    progress: false,
  });

/** SHA-256 of each object, by its path; the process table is no object. */
const digests = (out: string): Map<string, string> =>
  new Map(
    readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'process-table.sqlite')
      .map((entry) => path.join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => [
        path.relative(out, file),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );

interface Way {
  readonly out: string;
  readonly counts: Counts;
  readonly failures: readonly Error[];
  readonly records: readonly OcsfRecord[];
  readonly mapCounts: Counts;
}

const ways = new Map<string, Promise<Way>>();

/** Inputs and all that became of them; done once for all tests. */
function wayOf(inputs: readonly string[], mapping: string): Promise<Way> {
  const take = async (): Promise<Way> => {
    const out = path.join(folder, String(ways.size));
    const { counts, failures } = await written(inputs, out, mapping);
    const { records, counts: mapCounts } = await mapped(inputs, mapping);
    return { out, counts, failures, records, mapCounts };
  };
  const key = `${inputs.join(' ')} ${mapping}`;
  const way = ways.get(key) ?? take();
  ways.set(key, way);
  return way;
}

const recordsIn = (file: string): Promise<RawRecord[]> =>
  collect(splitRecords(decompress(createReadStream(file))));

/** Lines in another order, always the same one. */
function shuffled(lines: readonly string[]): string[] {
  const order = (line: string): string => createHash('sha256').update(line).digest('hex');
  return lines.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

const asLines = (records: readonly OcsfRecord[]): string[] =>
  records.map((record) => JSON.stringify(record)).toSorted();

/** Absolute paths of files of events in a folder beside or below the repository; none where there is no such folder. */
const filesOf = (...where: readonly string[]): string[] => {
  const input = path.resolve(ROOT, ...where);
  if (!existsSync(input)) return [];
  return readdirSync(input)
    .filter((file) => /\.(ndjson|xml)(\.gz)?$/.test(file))
    .map((file) => path.join(input, file));
};

const INPUTS = [
  { name: 'events/', inputs: filesOf('events'), received: 73, quarantined: 1 },
  { name: 'the real events', inputs: filesOf('..', 'shared', 'data'), received: 38_276, quarantined: 0 },
];

describe.each(INPUTS)('$name', ({ name, inputs, received, quarantined }) => {
  const available = inputs.length > 0;
  const itIfThere = available ? it : it.skip;

  itIfThere.each([
    { file: 'OCSFmapping.json', duckDb: 'DuckDB', nth: 1 },
    { file: 'OCSFmapping.native.json', duckDb: 'DuckDB (one object in ten)', nth: 10 },
  ])(
    'by $file: every column of every record in the lake is that of map, in hyparquet and in $duckDb; each is there once',
    async ({ file, nth }) => {
      const { out, counts, failures, records, mapCounts } = await wayOf(inputs, file);
      expect(failures).toEqual([]);
      expect(counts).toMatchObject({ received, quarantined, written: received - quarantined });
      expect(records).toHaveLength(counts.written);
      expect({ ...mapCounts, objects: [] }).toEqual({ ...counts, objects: [] });

      const { tables } = mappingOf(file);
      const left = new Map<string, number>();
      const tally = (key: string, by: number): void => {
        const n = (left.get(key) ?? 0) + by;
        if (n === 0) left.delete(key);
        else left.set(key, n);
      };
      for (const { schema, columns, ocsfClass } of tables.values()) {
        const own = records.filter((record) => record.class_uid === ocsfClass.uid);
        for (const row of expectedRows(columns, own)) tally(`${schema} ${JSON.stringify(row)}`, 1);
      }
      expect([...left.values()].reduce((sum, n) => sum + n, 0)).toBe(records.length);
      for (const [i, { path: key, rows }] of counts.objects.entries()) {
        const schema = key.split('/')[2]!;
        const { columns } = tables.get(schema)!;
        const bytes = readFileSync(path.join(out, key));
        const read = await readWithHyparquet(columns, bytes);
        const lines = read.map((row) => JSON.stringify(row));
        expect(lines).toHaveLength(rows);
        for (const line of lines) tally(`${schema} ${line}`, -1);
        if (i % nth === 0) {
          expect((await readWithDuckDb(columns, bytes)).map((row) => JSON.stringify(row))).toEqual(lines);
        }
        const times = read.map((row) => Number(row.time));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const days = new Set(
          times.map((time) => new Date(time).toISOString().slice(0, 10).replaceAll('-', '')),
        );
        expect([...days]).toEqual([/eventDay=(\d{8})/.exec(key)![1]]);
      }
      expect([...left]).toEqual([]);
    },
    PATIENCE_MS,
  );

  itIfThere(
    'the same command again leaves the same objects, byte for byte',
    async () => {
      const { out, counts } = await wayOf(inputs, 'OCSFmapping.json');
      const before = digests(out);
      expect(before.size).toBeGreaterThanOrEqual(counts.objects.length);
      expect((await written(inputs, out, 'OCSFmapping.json')).counts).toEqual(counts);
      expect(digests(out)).toEqual(before);
    },
    PATIENCE_MS,
  );

  itIfThere.each([2, 3])(
    '%d workers leave the objects of one, byte for byte, and tell the same of them',
    async (workers) => {
      const { out, counts } = await wayOf(inputs, 'OCSFmapping.json');
      const other = path.join(folder, `${path.basename(out)}-${workers}-workers`);
      const spread = await written(inputs, other, 'OCSFmapping.json', workers);
      expect(JSON.stringify(spread.counts)).toBe(JSON.stringify(counts));
      expect(digests(other)).toEqual(digests(out));
    },
    PATIENCE_MS,
  );

  itIfThere(
    'in another order gives the same records and the same joins',
    async () => {
      const ordered = await wayOf(inputs, 'OCSFmapping.json');
      const files: string[] = [];
      for (const file of inputs) {
        const lines = (await recordsIn(file)).map(({ bytes }) => Buffer.from(bytes).toString());
        files.push(path.join(folder, `shuffled-${path.basename(file, '.gz')}`));
        writeFileSync(files.at(-1)!, shuffled(lines).join('\n'));
      }
      const other = await mapped(files, 'OCSFmapping.json');
      expect(other.counts).toEqual(ordered.mapCounts);
      expect(other.counts.join.hit).toBeGreaterThan(0);
      expect(asLines(other.records)).toEqual(asLines(ordered.records));
    },
    PATIENCE_MS,
  );

  itIfThere.each(MAPPINGS)(
    'by %s: no record breaks a rule of OCSF, and no field of an event is lost',
    async (file) => {
      const mapping = mappingOf(file);
      const table = memoryProcessTable({ now: () => 0, retentionSeconds: 1 });
      const wrong = new Set<string>();
      for (const one of inputs) {
        const records = await recordsIn(one);
        const batch = { name, input: one, records, format: 'auto' } as const;
        for (const { event, record, entry } of (await mapBatch(batch, { mapping, table })).mapped) {
          const { errors } = validateRecord(ocsfSchema(entry.ocsf.version)!, record);
          for (const { code, path: at } of errors) wrong.add(`${event.EventId} ${code} ${at}`);
          for (const field of missingFields(event, record)) wrong.add(`${event.EventId} lost ${field}`);
        }
      }
      expect([...wrong]).toEqual([]);
    },
    PATIENCE_MS,
  );

  (available && referenceAvailable ? it : it.skip).each(MAPPINGS)(
    'by %s: the reference validator finds no error',
    async (file) => {
      const { records } = await wayOf(inputs, file);
      // All 38,276 take it a minute: of each kind of event these are the first fifty, and then one in ten.
      const seen = new Map<unknown, number>();
      const sample = records.filter((record) => {
        const { event_code: code } = record.metadata as OcsfRecord; // true: every mapping has metadata
        const nth = seen.get(code) ?? 0;
        seen.set(code, nth + 1);
        return nth < 50 || nth % 10 === 0;
      });
      const findings = referenceFindings('1.1.0', sample);
      expect(findings).toHaveLength(sample.length);
      expect(findings.flat().filter((finding) => finding.startsWith('E '))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
