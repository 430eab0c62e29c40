/**
 * Size and cold start of the functions, as JSON: from the start of a process to the first result of its handler,
 * over what a Node that does nothing takes. Median of ten, or of as many as the argument says. The one service that
 * is called answers at once.
 */
import { Buffer } from 'node:buffer';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FUNCTION_NODE_OPTIONS } from './function-node-options.js';

const RUNS = Number(process.argv[2] ?? 10);

const record = {
  EventId: 5,
  Description: {
    UtcTime: '2026-01-02 03:04:05.678',
    ProcessId: '4711',
    Image: 'C:\\Windows\\System32\\curl.exe',
  },
  TimeCreated: '2026-01-02T03:04:05.7Z',
  MachineName: 'host.example',
  LogName: 'Microsoft-Windows-Sysmon/Operational',
  ProviderName: 'Microsoft-Windows-Sysmon',
  Index: 1,
};
const events = {
  // One event, all the way into one Parquet object.
  transform: {
    Records: [
      {
        eventID: 'shardId-000000000000:1',
        eventSource: 'aws:kinesis',
        eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/sysmon',
        kinesis: { sequenceNumber: '1', data: Buffer.from(JSON.stringify(record)).toString('base64') },
      },
    ],
  },
  // Nothing to do, with everything ready to do it.
  'late-join': { Records: [] },
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Math.round(value * 10) / 10;

/** Milliseconds that a process with this program takes, from its start to its end. */
async function processMs(program, env = {}) {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--input-type=commonjs', '--eval', program], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const problems = [];
  child.stderr.on('data', (chunk) => problems.push(chunk));
  const [code] = await once(child, 'exit');
  const endMs = performance.now();
  if (code !== 0) throw new Error(`a process ended with ${code}: ${Buffer.concat(problems)}`);
  return endMs - startMs;
}

const folder = await mkdtemp(path.join(tmpdir(), 'sysmon-lake-cold-start-'));
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { etag: '"1"', 'content-length': 0 }).end());
});
try {
  const script = fileURLToPath(new URL('../scripts/build-functions.js', import.meta.url));
  await promisify(execFile)(process.execPath, [script, folder]);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const env = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDLOCALTEST',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_ENDPOINT_URL: endpoint,
    LAKE_LOCATION: 'lake/ext/windows-sysmon',
    LAKE_REGION: 'eu-central-1',
    LAKE_ACCOUNT_ID: '123456789012',
    LAKE_LAYOUT: 'per-schema',
    WORK_BUCKET: 'work',
    PROCESS_TABLE: 'processes',
    PROCESS_RETENTION_SECONDS: '2592000',
    JOIN_HORIZON_SECONDS: '900',
    JOIN_WAIT_SECONDS: '120',
    MAPPING_FILE: 'OCSFmapping.json',
    POWERTOOLS_METRICS_NAMESPACE: 'SysmonLake',
    NODE_OPTIONS: FUNCTION_NODE_OPTIONS,
    LATE_JOIN_QUEUE_URL: `${endpoint}/123456789012/late-join`,
  };
  const programs = Object.entries(events).map(([name, event]) => {
    // Lambda's runtime requires a .cjs file; importing it takes more, as its exports are looked for first.
    const file = JSON.stringify(path.join(folder, `${name}.cjs`));
    const run = `handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 300000 })`;
    return [name, `const { handler } = require(${file}); ${run}.then(() => process.exit())`];
  });
  const times = { bare: [], ...Object.fromEntries(programs.map(([name]) => [name, []])) };
  for (let run = 0; run < RUNS; run++) {
    times.bare.push(await processMs('process.exit()'));
    for (const [name, program] of programs) times[name].push(await processMs(program, env));
  }
  const functions = await Promise.all(
    programs.map(async ([name]) => {
      const bundle = await readFile(path.join(folder, `${name}.cjs`));
      const coldStartMs = rounded(median(times[name]) - median(times.bare));
      return [name, { bundleBytes: bundle.length, gzipBytes: gzipSync(bundle).length, coldStartMs }];
    }),
  );
  const result = { node: process.version, runs: RUNS, bareNodeMs: rounded(median(times.bare)) };
  console.log(JSON.stringify({ ...result, functions: Object.fromEntries(functions) }, null, 2));
} finally {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
}
