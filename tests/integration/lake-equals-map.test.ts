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
import { splitRecords } from '../../src/sources/split.ts';
import { missingFields } from '../conservation.ts';
import { expectedRows, readWithDuckDb, readWithHyparquet } from '../lake/parquet-readers.ts';
import { referenceAvailable, referenceFindings } from '../ocsf/reference-validator.ts';
import { collect } from '../sources/collect.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const EVENTS = path.join(ROOT, 'events');
const REAL = path.resolve(ROOT, '../shared/data');
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

const written = (inputs: readonly string[], out: string, mapping: string): ReturnType<typeof transform> =>
  transform(inputs, {
    out,
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

/** Lines in another order, always the same one. */
function shuffled(lines: readonly string[]): string[] {
  const order = (line: string): string => createHash('sha256').update(line).digest('hex');
  return lines.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

const asLines = (records: readonly OcsfRecord[]): string[] =>
  records.map((record) => JSON.stringify(record)).toSorted();

const INPUTS = [
  { name: 'events/', input: EVENTS, available: true, received: 73, quarantined: 1 },
  { name: 'the real events', input: REAL, available: existsSync(REAL), received: 38_276, quarantined: 0 },
];

describe.each(INPUTS)('$name', ({ name, input, available, received, quarantined }) => {
  const itIfThere = available ? it : it.skip;

  itIfThere.each(MAPPINGS)(
    'by %s: every column of every record in the lake is that of map, in DuckDB and in hyparquet, and each is there once',
    async (file) => {
      const out = path.join(folder, `${path.basename(input)}-${file}`);
      const { counts, failures } = await written([input], out, file);
      expect(failures).toEqual([]);
      expect(counts).toMatchObject({ received, quarantined, written: received - quarantined });
      const { records, counts: mapCounts } = await mapped([input], file);
      expect(records).toHaveLength(counts.written);
      expect(mapCounts).toEqual({ ...counts, objects: [] });

      const { tables } = mappingOf(file);
      const left = new Map<string, number>();
      const tally = (key: string, by: number): void => {
        left.set(key, (left.get(key) ?? 0) + by);
        if (left.get(key) === 0) left.delete(key);
      };
      for (const { schema, columns, ocsfClass } of tables.values()) {
        const own = records.filter((record) => record.class_uid === ocsfClass.uid);
        for (const row of expectedRows(columns, own)) tally(`${schema} ${JSON.stringify(row)}`, 1);
      }
      expect([...left.values()].reduce((sum, n) => sum + n, 0)).toBe(records.length);
      for (const { path: key, rows } of counts.objects) {
        const schema = key.split('/')[2]!;
        const columns = tables.get(schema)!.columns;
        const bytes = readFileSync(path.join(out, key));
        const read = await readWithHyparquet(columns, bytes);
        expect(read).toHaveLength(rows);
        const lines = read.map((row) => JSON.stringify(row));
        expect((await readWithDuckDb(columns, bytes)).map((row) => JSON.stringify(row))).toEqual(lines);
        for (const line of lines) tally(`${schema} ${line}`, -1);
        const times = read.map((row) => Number(row.time));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const day = /eventDay=(\d{8})/.exec(key)![1];
        for (const time of times)
          expect(new Date(time).toISOString().slice(0, 10).replaceAll('-', '')).toBe(day);
      }
      expect([...left]).toEqual([]);
    },
    PATIENCE_MS,
  );

  itIfThere(
    'the same command again leaves the same objects, byte for byte',
    async () => {
      const out = path.join(folder, `${path.basename(input)}-twice`);
      const first = await written([input], out, 'OCSFmapping.json');
      const before = digests(out);
      expect(before.size).toBeGreaterThan(first.counts.objects.length - 1);
      expect((await written([input], out, 'OCSFmapping.json')).counts).toEqual(first.counts);
      expect(digests(out)).toEqual(before);
    },
    PATIENCE_MS,
  );

  itIfThere(
    'in another order gives the same records and the same joins',
    async () => {
      const ordered = await mapped([input], 'OCSFmapping.json');
      const lines: string[] = [];
      for (const entry of readdirSync(input).filter((file) => /\.(ndjson|xml)(\.gz)?$/.test(file))) {
        for (const { bytes } of await collect(
          splitRecords(decompress(createReadStream(path.join(input, entry)))),
        )) {
          lines.push(Buffer.from(bytes).toString());
        }
      }
      expect(lines).toHaveLength(received);
      const file = path.join(folder, `${path.basename(input)}-shuffled.log`);
      writeFileSync(file, shuffled(lines).join('\n'));
      const other = await mapped([file], 'OCSFmapping.json');
      expect(other.counts).toEqual(ordered.counts);
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
      for (const entry of readdirSync(input).filter((one) => /\.(ndjson|xml)(\.gz)?$/.test(one))) {
        const records = await collect(splitRecords(decompress(createReadStream(path.join(input, entry)))));
        const batch = { name, input: entry, records, format: 'auto' } as const;
        for (const { event, record, entry: used } of (await mapBatch(batch, { mapping, table })).mapped) {
          const { errors } = validateRecord(ocsfSchema(used.ocsf.version)!, record);
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
      const { records } = await mapped([input], file);
      // Its 40,000 records take it a minute. Of every kind of event there are the first ones, and then one in ten.
      const seen = new Map<unknown, number>();
      const sample = records.filter((record) => {
        const code = (record.metadata as OcsfRecord).event_code;
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
