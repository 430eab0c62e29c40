/**
 * `node scripts/start-built-functions.ts BUILD_DIR`: imports what `sam build` made, as Lambda does, and invokes it with
 * events that need no service of AWS. Ends with an exception where a bundle does not start.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '..');
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  LAKE_LOCATION: 'bucket/ext/windows-sysmon',
  LAKE_REGION: 'us-east-1',
  LAKE_ACCOUNT_ID: '123456789012',
  LAKE_LAYOUT: 'per-schema',
  WORK_BUCKET: 'work',
  PROCESS_TABLE: 'processes',
  PROCESS_RETENTION_SECONDS: '2592000',
  JOIN_HORIZON_SECONDS: '900',
  JOIN_WAIT_SECONDS: '120',
  LATE_JOIN_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/late-join',
  MAPPING_FILE: 'OCSFmapping.json',
  POWERTOOLS_METRICS_NAMESPACE: 'SysmonLake',
};

type Handler = (event: unknown, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;

async function handlerOf(file: string): Promise<Handler> {
  const bundle: unknown = await import(pathToFileURL(file).href);
  assert(typeof bundle === 'object' && bundle !== null && 'handler' in bundle, `${file} exports no handler`);
  const { handler } = bundle;
  assert(typeof handler === 'function', `the handler of ${file} is no function`);
  return handler as Handler; // true of the entry points in functions/, which is what was bundled
}

const [buildFolder] = process.argv.slice(2);
assert(buildFolder !== undefined, 'give the folder that sam built into');
const testEvent: unknown = JSON.parse(
  readFileSync(path.join(ROOT, 'events/lambda/sqs-s3-test-event.json'), 'utf8'),
);

for (const { file, event } of [
  { file: 'TransformFunction/transform.cjs', event: testEvent },
  { file: 'LateJoinFunction/late-join.cjs', event: { Records: [] } },
]) {
  const startedMs = performance.now();
  const handler = await handlerOf(path.join(path.resolve(buildFolder), file));
  const context = { getRemainingTimeInMillis: () => 60_000 };
  await assert.rejects(
    async () => handler(event, context),
    { name: 'ConfigurationError' },
    `${file} starts without an environment`,
  );
  Object.assign(process.env, ENVIRONMENT);
  assert.deepEqual(await handler(event, context), { batchItemFailures: [] });
  for (const name of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, name);
  console.log(`${file}: starts and answers, ${Math.round(performance.now() - startedMs)} ms`);
}
