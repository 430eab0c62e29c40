/** All real events of the agent, through a stream of four shards: the lake holds what the command's `map` gives. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance, type JS } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { map } from '../../src/cli/map.ts';
import { encodeRecords } from '../parquet/encode-records.ts';
import type { OcsfRecord } from '../../src/ocsf/column.ts';
import { mapping } from '../pipeline.world.ts';
import { startKinesis } from '../servers/kinesis.ts';
import { mappingOf, seeded, send } from './function-stream.ts';
import { deploy, expectBalance, LOCATION, ROOT, startAws, type Aws } from './function-world.ts';

const FILE = path.resolve(ROOT, '../shared/data/sysmon-kinesis-agent.ndjson.gz');
const available = existsSync(FILE);
const itIfThere = available ? it : it.skip;
const PATIENCE_MS = 300_000;

const lines = available ? gunzipSync(readFileSync(FILE)).toString().trimEnd().split('\n') : [];

let folder = '';
let aws: Aws | undefined;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-real-'));
  if (available) aws = await startAws();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await aws?.close();
});

async function mapped(): Promise<OcsfRecord[]> {
  const texts: string[] = [];
  const write = (text: string): Promise<void> => Promise.resolve(void texts.push(text));
  await map([FILE], { mapping: path.join(ROOT, 'OCSFmapping.json'), format: 'auto' }, { write });
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line) as OcsfRecord); // true: a line is what map made of a record
}

const put = (file: string, bytes: Uint8Array): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
};

/** Counts of a class: rows on either side, uids in the lake, and rows that only one side has, joined late as at once. */
const COMPARISON = `
  select
    (select count(*) from lake)::int as lakeRows,
    (select count(distinct metadata.uid) from lake)::int as lakeUids,
    (select count(*) from expected)::int as expectedRows,
    (select count(*) from (from lake except all from expected))::int as onlyInLake,
    (select count(*) from (from expected except all from lake))::int as onlyExpected,
    (select count(*) from lake where unmapped['join'] = 'hit')::int as joinedInLake,
    (select count(*) from expected where unmapped['join'] = 'hit')::int as joinedExpected,
    (select count(*) from raw where unmapped['join'] = 'late')::int as late`;
const AS_IF_HIT = `create macro asIfHit(entries) as map_from_entries(list_transform(map_entries(entries),
  lambda e: {'k': e.key, 'v': case when e.key = 'join' and e.value = 'late' then 'hit' else e.value end}))`;

async function compare(schemas: readonly string[]): Promise<Record<string, Record<string, JS>>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run(AS_IF_HIT);
    const found: Record<string, Record<string, JS>> = {};
    for (const schema of schemas) {
      const asIfHit = '* replace (asIfHit(unmapped) as unmapped)';
      for (const [table, sql] of [
        ['raw', `from read_parquet('${folder}/lake/${schema}/*.parquet')`],
        ['lake', `select ${asIfHit} from raw`],
        ['expected', `select ${asIfHit} from read_parquet('${folder}/expected/${schema}.parquet')`],
      ] as const) {
        await connection.run(`create or replace table ${table} as ${sql}`);
      }
      found[schema] = (await connection.runAndReadAll(COMPARISON)).getRowObjectsJS()[0]!;
    }
    return found;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Lines as one batch of Lambda's event. */
const eventOfLines = (some: readonly string[], from: number): KinesisStreamEvent => ({
  Records: some.map((line, i) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: '0',
      sequenceNumber: String(10n ** 55n + BigInt(from + i)),
      data: Buffer.from(line).toString('base64'),
      approximateArrivalTimestamp: 0,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${from + i}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/transform',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/sysmon',
  })),
});

describe('the real events', () => {
  itIfThere(
    'sent through four shards by random partition keys end in the lake as the records of map, each once, joins included',
    async () => {
      const [kinesis, deployment] = await Promise.all([
        startKinesis({ shards: 4 }),
        // The oldest process that is known when its connections are made had begun 52 minutes before.
        deploy(aws!, { environment: { JOIN_HORIZON_SECONDS: '3600' }, instancesMax: 2 }),
      ]);
      try {
        await send(
          kinesis,
          lines.map((line) => Buffer.from(line)),
          seeded(4),
        );
        const stream = mappingOf(kinesis, deployment);
        const [records] = await Promise.all([mapped(), stream.drain()]);
        expect(new Set(stream.batches.map(({ shardId }) => shardId)).size).toBe(4);
        await deployment.runLateJoin();
        expect(deployment.quarantined()).toEqual([]);

        const lake = aws!.s3.bucket(deployment.lakeBucket);
        for (const [i, key] of lake.keys().entries()) {
          const schema = key.slice(LOCATION.length + 1).split('/')[0]!;
          put(path.join(folder, 'lake', schema, `${i}.parquet`), lake.get(key).body);
        }
        expect(records).toHaveLength(lines.length);
        const schemas: string[] = [];
        for (const { schema, columns, ocsfClass } of mapping.tables.values()) {
          const own = records.filter((record) => record.class_uid === ocsfClass.uid);
          if (own.length === 0) continue;
          schemas.push(schema);
          put(path.join(folder, 'expected', `${schema}.parquet`), encodeRecords(columns, own));
        }
        const found = await compare(schemas);
        for (const counts of Object.values(found)) {
          expect(counts).toMatchObject({
            onlyInLake: 0,
            onlyExpected: 0,
            lakeRows: counts.expectedRows,
            lakeUids: counts.expectedRows,
            joinedInLake: counts.joinedExpected,
          });
        }
        const sum = (name: string): number =>
          Object.values(found).reduce((total, counts) => total + Number(counts[name]), 0);
        expect(sum('lakeRows')).toBe(lines.length);
        expect(sum('joinedInLake')).toBeGreaterThan(0);
        expect(sum('late')).toBeGreaterThan(0);
        const { transform } = await expectBalance(deployment, lines.length);
        expect(transform.Deferred).toBeGreaterThanOrEqual(sum('late'));
      } finally {
        await deployment.end();
        await kinesis.close();
      }
    },
    PATIENCE_MS,
  );

  itIfThere(
    'cost a bounded number of calls a batch of 5,000',
    async () => {
      const deployment = await deploy(aws!);
      const { dynamodb, sqs, s3 } = aws!;
      try {
        const callsOf = async (from: number): Promise<Record<string, number>> => {
          const before = [dynamodb, s3, sqs].map(({ requests }) => requests.length);
          await deployment.transform.invoke(eventOfLines(lines.slice(from, from + 5000), from));
          const calls: Record<string, number> = {};
          for (const [i, { requests }] of [dynamodb, s3, sqs].entries()) {
            for (const { operation } of requests.slice(before[i]))
              calls[operation] = (calls[operation] ?? 0) + 1;
          }
          return calls;
        };
        const objectsOf = (): number => s3.bucket(deployment.lakeBucket).keys().length;
        const cold = await callsOf(0);
        const coldObjects = objectsOf();
        const warm = await callsOf(5000);
        const warmObjects = objectsOf() - coldObjects;
        const replayed = await callsOf(5000);
        console.log(`calls of a batch of 5,000 events: ${JSON.stringify({ cold, warm, replayed })}`);
        for (const [calls, objects] of [
          [cold, coldObjects],
          [warm, warmObjects],
          [replayed, warmObjects],
        ] as const) {
          const {
            BatchWriteItem = 0,
            BatchGetItem = 0,
            PutObject = 0,
            GetObject = 0,
            SendMessage = 0,
            ...rest
          } = calls;
          expect(rest).toEqual({});
          expect(BatchWriteItem).toBeLessThanOrEqual(5000 / 25);
          expect(BatchGetItem).toBeLessThanOrEqual(5000 / 100);
          // The deferred object, quarantine, and an object for each class and day.
          expect(PutObject).toBeLessThanOrEqual(objects + 2);
          expect(GetObject).toBeLessThanOrEqual(1);
          expect(SendMessage).toBeLessThanOrEqual(1);
        }
      } finally {
        await deployment.end();
      }
    },
    PATIENCE_MS,
  );
});
