/**
 * `node scripts/start-built-functions.ts BUILD_DIR`: requires what `sam build` made, as Lambda does, and invokes it with
 * events that need no service of AWS. Ends with an exception where a bundle does not start, or has other options of Node
 * than template.yaml gives it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { FUNCTION_NODE_OPTIONS } from '../bench/function-node-options.js';

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

const require = createRequire(import.meta.url);

function handlerOf(file: string): Handler {
  const bundle: unknown = require(file);
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

/** What stands here of the template that `sam build` wrote. */
const ENVIRONMENT_OF = z.object({
  Environment: z.object({ Variables: z.object({ NODE_OPTIONS: z.string().optional() }) }).optional(),
});
const TEMPLATE = z.object({
  Globals: z.object({ Function: ENVIRONMENT_OF }),
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() })),
});
// Tags of CloudFormation, such as !Ref, come out as plain values. None stands in what is used here.
const built = TEMPLATE.parse(
  parse(readFileSync(path.join(buildFolder, 'template.yaml'), 'utf8'), { logLevel: 'error' }),
);
const optionsOf = (properties: z.infer<typeof ENVIRONMENT_OF>): string | undefined =>
  properties.Environment?.Variables.NODE_OPTIONS;
for (const [name, { Type, Properties }] of Object.entries(built.Resources)) {
  if (Type !== 'AWS::Serverless::Function') continue;
  const options = optionsOf(ENVIRONMENT_OF.parse(Properties)) ?? optionsOf(built.Globals.Function);
  assert.equal(options, FUNCTION_NODE_OPTIONS, `sam build changed the options of Node of ${name}`);
}
// The flag that SAM asks for is taken back by the one behind it.
const maps = ['--print', 'process.sourceMapsEnabled'];
const env = { ...process.env, NODE_OPTIONS: FUNCTION_NODE_OPTIONS };
assert.equal(execFileSync(process.execPath, maps, { env, encoding: 'utf8' }).trim(), 'false');

for (const { file, event } of [
  { file: 'TransformFunction/transform.cjs', event: testEvent },
  { file: 'LateJoinFunction/late-join.cjs', event: { Records: [] } },
]) {
  const startedMs = performance.now();
  const handler = handlerOf(path.join(path.resolve(buildFolder), file));
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
