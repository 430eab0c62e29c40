/** The events that are measured: real ones where they lie beside the checkout, else generated ones. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DAY } from './agent-record.ts';
import { generatedPool } from './generate.ts';
import { mixOf, PRODUCTION, SAMPLE, takeLines } from './mix.ts';

export interface Input {
  readonly name: string;
  /** One JSON text each, as the agent writes it. */
  readonly lines: readonly string[];
}

export interface Inputs {
  /** Whether the events, or what they were drawn from, are real. */
  readonly areReal: boolean;
  /** What the others are drawn from. */
  readonly pool: readonly string[];
  /** The real events' mix as it is: of many captures and days, one after another. */
  readonly real: Input;
  /** The same events as if they had all happened on one day, as what arrives at one time has. */
  readonly oneDay: Input;
  /** Weights of an everyday configuration, one day, no identity twice. */
  readonly production: Input;
}

const SEED = 20_260_102;
const REAL = join(import.meta.dirname, '..', '..', 'shared', 'data', 'sysmon-kinesis-agent.ndjson.gz');

/** How many events the drawn inputs have: a few different batches of the largest size. */
export const DRAWN_EVENTS = 40_000;

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

const onOneDay = (line: string): string =>
  line.replace(/((?:\\n|^)UtcTime: |"TimeCreated":")\d{4}-\d\d-\d\d/g, `$1${DAY}`);

/** Reads, draws or generates; the same every time. @param count how many events the drawn ones have */
export function readInputs(count = DRAWN_EVENTS, file = REAL): Inputs {
  const areReal = existsSync(file);
  const pool = areReal ? linesOf(gunzipSync(readFileSync(file)).toString('utf8')) : generatedPool(400, SEED);
  const lines = areReal ? pool : takeLines(mixOf(pool, SAMPLE, SEED), count);
  return {
    areReal,
    pool,
    real: { name: areReal ? 'real' : 'generated', lines },
    oneDay: { name: `${areReal ? 'real' : 'generated'}, one day`, lines: lines.map(onOneDay) },
    production: { name: 'production', lines: takeLines(mixOf(pool, PRODUCTION, SEED), count) },
  };
}

/** Records as Kinesis delivers them to a function. */
export const base64Of = (lines: readonly string[]): string[] =>
  lines.map((line) => Buffer.from(line).toString('base64'));

/** Bytes of an event on the mean, without base64. */
export const meanBytes = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / lines.length;

/** The lines of one batch, the n-th of those that the input holds; again from the first after the last. */
export function batchLines({ lines }: Input, size: number, n: number): readonly string[] {
  const batches = Math.max(1, Math.floor(lines.length / size));
  const start = (n % batches) * size;
  return lines.slice(start, start + size);
}
