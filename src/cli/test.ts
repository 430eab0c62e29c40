/** `sysmon-lake test`: whether a mapping still makes of the events of its golden pairs the records beside them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { memoryProcessTable } from '../join/memory-process-table.ts';
import type { CompiledMapping } from '../mapping/compile.ts';
import type { Finding } from '../ocsf/finding.ts';
import { validateRecord } from '../ocsf/validate.ts';
import { MAP_REASONS, mapBatch } from '../pipeline.ts';
import type { RawRecord } from '../sources/source.ts';
import { differences } from './difference.ts';
import type { Difference, Json } from './difference.ts';
import { EXIT_IO, InputError, systemProblem } from './failure.ts';
import { findPairs, pairsFolder, readEvents, readRecords } from './pairs.ts';
import type { Pair } from './pairs.ts';
import { plural, printable } from './printable.ts';
import { recordsText } from './records-text.ts';
import { defaultMappingPath, readMapping } from './run.ts';

/** Colours a text where the output is a terminal; elsewhere gives it back. */
export type Paint = (colour: 'red' | 'green' | 'bold', text: string) => string;

export interface TestOptions {
  /** Folder of the pairs, where it is not the mapping file's own. */
  readonly pairs?: string;
  /** Writes the records instead of comparing them. */
  readonly update?: boolean;
  readonly json?: boolean;
  readonly paint: Paint;
}

export interface PairResult {
  readonly name: string;
  /** Why the pair cannot be compared. */
  readonly problem?: string;
  /** `record` counts from 0. */
  readonly differences: readonly ({ readonly record: number } & Difference)[];
  /** What OCSF says of the actual records: errors. */
  readonly invalid: readonly ({ readonly record: number } & Finding)[];
  /** The file that `--update` wrote. */
  readonly written?: string;
}

/**
 * Runs the pairs of a mapping file. Exit code 1 where a pair differs, is broken, or none is found; records that are
 * not valid OCSF are told, but a mapping may be meant so.
 * @throws InputError, UsageError where the mapping cannot be used
 */
export async function test(
  file: string | undefined,
  options: TestOptions,
): Promise<{ text: string; exitCode: number }> {
  const path = file ?? defaultMappingPath();
  const mapping = await readMapping(path);
  const folder = options.pairs ?? pairsFolder(path);
  const results: PairResult[] = [];
  for (const pair of await findPairs(folder)) {
    results.push(await runPair(pair, mapping, options.update === true));
  }
  const failed = results.filter(
    ({ problem, differences: found }) => problem !== undefined || found.length > 0,
  );
  const exitCode = failed.length > 0 || results.length === 0 ? EXIT_IO : 0;
  return { text: options.json ? asJson(results) : asText(results, folder, options), exitCode };
}

async function runPair(pair: Pair, mapping: CompiledMapping, update: boolean): Promise<PairResult> {
  const { name, eventsPath, recordsPath } = pair;
  const broken = (problem: string): PairResult => ({ name, problem, differences: [], invalid: [] });
  try {
    if (eventsPath === undefined) return broken(`${recordsPath}: there are no events for these records`);
    const events = await readEvents(eventsPath);
    if (events.length === 0) return broken(`${eventsPath}: holds no event`);
    const { records: actual, invalid, unreadable } = await mapPair(name, events, mapping);
    if (unreadable !== undefined) return broken(`${eventsPath}: ${unreadable}`);
    if (update) return { name, differences: [], invalid, ...(await write(recordsPath, actual)) };
    const expected = await readRecords(recordsPath);
    if (expected === undefined) return broken(`${recordsPath}: there are no records; --update writes them`);
    const found = Array.from({ length: Math.max(expected.length, actual.length) }, (_, record) =>
      differences(expected[record], actual[record]).map((one) => ({ record, ...one })),
    );
    return { name, differences: found.flat(), invalid };
  } catch (error) {
    if (error instanceof InputError) return broken(error.message);
    throw error;
  }
}

interface MappedPair {
  /** One for each event, in their order; `{ "quarantined": reason }` for one that the mapping does not map. */
  readonly records: readonly Json[];
  readonly invalid: PairResult['invalid'];
  /** The first event that is none. */
  readonly unreadable?: string;
}

/** Maps the events of a pair as one batch, which knows all its processes before it joins. */
export async function mapPair(
  name: string,
  events: readonly RawRecord[],
  mapping: CompiledMapping,
): Promise<MappedPair> {
  const table = memoryProcessTable({ now: () => 0, retentionSeconds: 1 });
  const batch = { name, input: name, records: events, format: 'auto' } as const;
  const { mapped, quarantined } = await mapBatch(batch, { mapping, table });
  const records = new Map<number, Json>();
  const invalid: PairResult['invalid'][number][] = [];
  const position = new Map(events.map(({ index }, at) => [index, at]));
  for (const { raw, record, entry } of mapped) {
    const at = position.get(raw.index) ?? 0;
    records.set(at, JSON.parse(JSON.stringify(record)) as Json); // true: JSON.parse gives nothing else
    invalid.push(...validateRecord(entry.ocsf, record).errors.map((finding) => ({ record: at, ...finding })));
  }
  let unreadable: string | undefined;
  for (const { index, reason } of quarantined) {
    const at = position.get(index) ?? 0;
    records.set(at, { quarantined: reason });
    if (!MAP_REASONS.some((known) => known === reason)) unreadable ??= `record ${at}: ${reason}`;
  }
  const inOrder = events.map((_, at) => records.get(at) ?? null);
  return { records: inOrder, invalid, ...(unreadable !== undefined && { unreadable }) };
}

/** Writes the records where the file does not hold them already. @throws InputError */
async function write(path: string, records: readonly Json[]): Promise<{ written?: string }> {
  const known = await readRecords(path).catch(() => undefined);
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(records)) return {};
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, recordsText(records));
  } catch (error) {
    throw new InputError(path, systemProblem(error) ?? 'cannot be written', { cause: error });
  }
  return { written: path };
}

const isBroken = ({ problem }: PairResult): boolean => problem !== undefined;
const differs = ({ differences: found }: PairResult): boolean => found.length > 0;

function asJson(results: readonly PairResult[]): string {
  const summary = {
    pairs: results.length,
    differ: results.filter(differs).length,
    broken: results.filter(isBroken).length,
    results,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function asText(results: readonly PairResult[], folder: string, { paint, update }: TestOptions): string {
  const lines = results.flatMap((result) => pairLines(result, paint));
  const broken = results.filter(isBroken).length;
  const invalid = results.filter((result) => result.invalid.length > 0).length;
  const differ = results.filter(differs).length;
  const written = results.filter((result) => result.written !== undefined).length;
  const summary = [
    plural(results.length, 'pair'),
    update === true ? `${written} written` : `${differ} differ`,
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(invalid > 0 ? [`${invalid} not valid OCSF`] : []),
  ].join(', ');
  if (results.length === 0) lines.push(`${folder}: no pairs (*.events.ndjson with *.records.json)`);
  const fine = results.length > 0 && broken === 0 && differ === 0;
  return `${[...lines, paint(fine ? 'green' : 'red', summary)].join('\n')}\n`;
}

/** What is to be said of a pair: nothing of one that is as it should be. */
function pairLines(
  { name, problem, differences: found, invalid, written }: PairResult,
  paint: Paint,
): string[] {
  const lines: string[] = [];
  if (problem !== undefined) lines.push(`${paint('bold', name)}: ${printable(problem)}`);
  if (written !== undefined) lines.push(`${paint('bold', name)}: ${written} written`);
  let record: number | undefined;
  for (const one of found) {
    if (one.record !== record) lines.push(`${paint('bold', name)}, record ${one.record}`);
    ({ record } = one);
    lines.push(`  ${printable(one.path) || 'the record'}`);
    if (one.expected !== undefined) lines.push(paint('red', `    - ${valueText(one.expected)}`));
    if (one.actual !== undefined) lines.push(paint('green', `    + ${valueText(one.actual)}`));
  }
  for (const { record: at, code, path, message } of invalid) {
    lines.push(
      `${paint('bold', name)}, record ${at}: not valid OCSF: ${code} at ${printable(path || 'the record')}: ${printable(message)}`,
    );
  }
  return lines;
}

const valueText = (value: Json): string => printable(JSON.stringify(value));
