/** Little that becomes much: compression, brackets, fields, templates. Each may cost time, and no more memory than a batch. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { batchesOf } from '../../src/sources/batches.ts';
import { build, filesBelow, run, summaryOf } from '../cli/command.ts';
import { ended, envelope, eventXml, lakeOf, temporaryFolder, winlogbeat } from './world.ts';

const MIB = 1024 * 1024;

/** Says at the end how much memory the process had at most, in KiB. */
const TELL_MEMORY = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('exit',()=>process.stderr.write('maxRSS='+process.resourceUsage().maxRSS+'\\n'))",
)}`;

/** Below what template.yaml gives the functions, 1,769 MB. */
const MEMORY_MAX_BYTES = 1_400_000_000;

beforeAll(build);

describe('a compressed file of next to nothing', () => {
  const line = `${JSON.stringify(ended())}\n`;
  const x = (mib: number): Buffer => Buffer.concat([Buffer.alloc(mib * MIB, 'x'), Buffer.from(`\n${line}`)]);

  it.each([
    ['gzip', 'bomb.log.gz', () => gzipSync(x(70)), { too_large: 3 }],
    ['zstd', 'bomb.log.zst', () => zstdCompressSync(x(70)), { too_large: 3 }],
    // Escaped in JSON, where a control character takes six.
    [
      'gzip with control characters',
      'bomb.log.gz',
      () => gzipSync(Buffer.concat([Buffer.alloc(40 * MIB, 1), Buffer.from(`\n${line}`)])),
      { too_large: 2 },
    ],
  ])(
    'in %s is kept in slices, in bounded memory, and what is behind it is in the lake',
    async (_name, file, bomb, byReason) => {
      const folder = temporaryFolder();
      const input = path.join(folder, file);
      writeFileSync(input, bomb());
      const result = await run(['transform', input, '--out', path.join(folder, 'lake'), '--json'], {
        env: { NODE_OPTIONS: TELL_MEMORY },
      });
      expect(result.code).toBe(3);
      expect(summaryOf(result)).toMatchObject({ written: 1, by_reason: byReason });
      const memory = Number(/maxRSS=(\d+)/.exec(result.stderr)?.[1]) * 1024;
      expect(memory).toBeGreaterThan(0);
      expect(memory).toBeLessThan(MEMORY_MAX_BYTES);
    },
    180_000,
  );

  it('in itself is opened once: what comes out is bytes', async () => {
    const folder = temporaryFolder();
    const nested = [gzipSync, zstdCompressSync, gzipSync].reduce(
      (bytes, compress) => compress(bytes),
      Buffer.alloc(50 * MIB, 'x'),
    );
    writeFileSync(path.join(folder, 'nested.log.gz'), nested);
    const result = await run(['transform', folder, '--out', path.join(folder, 'lake'), '--json']);
    expect(Object.keys(summaryOf(result).by_reason)).toEqual(['not_utf8']);
    expect(filesBelow(path.join(folder, 'lake'))).toHaveLength(2);
  });
});

describe('brackets', () => {
  const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['a record', nest(500_000)],
    ['a field', JSON.stringify(ended({ X: 0 })).replace('"X":0', `"X":${nest(500_000)}`)],
    [
      'a row of the quarantine',
      `{"reason":${nest(500_000)},"input":"","index":0,"encoding":"utf-8","data":""}`,
    ],
    [
      'the record in a row of the quarantine',
      JSON.stringify({ reason: 'x', input: '', index: 0, encoding: 'utf-8', data: nest(100_000) }),
    ],
    ['objects', '{"EventId":'.repeat(100_000) + '5' + '}'.repeat(100_000)],
  ])('without end in %s end in quarantine', async (_name, text) => {
    const { counts } = await lakeOf([text]);
    expect(counts).toMatchObject({ written: 0, byReason: { not_an_event: 1 } });
  });

  it('are not parsed where the first of them looks like a row of the quarantine', async () => {
    const row = `{"reason":"x","input":"","index":${nest(2000)},"encoding":"utf-8","data":"{}"}\n`;
    const flat = `{"reason":"x","input":"[[","index":0,"encoding":"utf-8","data":"{\\"a\\":[1]}"}\n`;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield Buffer.from(row + flat);
    }
    const records: string[] = [];
    for await (const batch of batchesOf(bytes(), { prefix: 'p', input: 'i', format: 'auto' })) {
      records.push(...batch.records.map((record) => Buffer.from(record.bytes).toString()));
    }
    expect(records).toEqual([row.trim(), '{"a":[1]}']);
  });
});

describe('100,000 fields in one event', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`Field${i}`, 'v']));
  const time = { UtcTime: '2026-01-02 03:04:05.678' };

  it.each([
    ['fields', ended(many)],
    ['decoration', ended({}, many)],
    ['Winlogbeat', winlogbeat(5, 1, { ...time, ...many })],
    ['Event XML', eventXml(5, 1, { ...time, ...many })],
  ])('as %s are all in the lake, in time that grows with their number', async (_name, record) => {
    const { counts, query } = await lakeOf([record]);
    expect(counts).toMatchObject({ written: 1, quarantined: 0 });
    const [row] = await query('SELECT len(map_keys(unmapped)) AS n FROM process_activity');
    expect(row?.n).toBeGreaterThanOrEqual(100_000);
  });

  it('and as lines of a message', async () => {
    const Description = ['New event:', ...Object.keys(many).map((name) => `${name}: v`)].join('\r\n');
    const { counts } = await lakeOf([
      { ...envelope(1000, 1), Description },
      { ...envelope(5, 2), Description },
    ]);
    expect(counts.received).toBe(2);
    expect(counts.written + counts.quarantined).toBe(2);
  });
});
