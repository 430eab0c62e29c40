/**
 * Golden pairs of a mapping: events as the agent sends them, and the records that they should become.
 *
 * Of a mapping file DIR/NAME.json the records are DIR/tests/golden/NAME/<pair>.records.json. Their events are
 * <pair>.events.ndjson beside them or, for pairs that several mappings share, in DIR/tests/golden/events/.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { RawRecord } from '../sources/source.ts';
import { splitRecords } from '../sources/split.ts';
import type { Json } from './difference.ts';
import { InputError, systemProblem } from './failure.ts';

const EVENTS = '.events.ndjson';
const RECORDS = '.records.json';
const SHARED_FOLDER = 'events';

export interface Pair {
  readonly name: string;
  /** Undefined where there are records but no events. */
  readonly eventsPath: string | undefined;
  /** Where the records are, or belong. */
  readonly recordsPath: string;
}

/** The folder of a mapping file's pairs. */
export const pairsFolder = (mappingPath: string): string =>
  join(dirname(mappingPath), 'tests', 'golden', basename(mappingPath, '.json'));

/** The pairs of a folder in the order of their names. A folder that is not there has none. @throws InputError */
export async function findPairs(folder: string): Promise<Pair[]> {
  const shared = join(dirname(folder), SHARED_FOLDER);
  const files = await namesIn(folder);
  const events = new Map(
    [...named(await namesIn(shared), EVENTS, shared), ...named(files, EVENTS, folder)], // its own come last and win
  );
  const names = new Set([...events.keys(), ...named(files, RECORDS, folder).map(([name]) => name)]);
  return [...names].sort().map((name) => ({
    name,
    eventsPath: events.get(name),
    recordsPath: join(folder, name + RECORDS),
  }));
}

const named = (files: readonly string[], suffix: string, folder: string): [string, string][] =>
  files
    .filter((file) => file.endsWith(suffix) && !file.startsWith('.'))
    .map((file) => [file.slice(0, -suffix.length), join(folder, file)]);

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw new InputError(folder, systemProblem(error) ?? 'cannot be read', { cause: error });
  }
}

/** The records of an events file as they would arrive. @throws InputError */
export async function readEvents(path: string): Promise<RawRecord[]> {
  const records: RawRecord[] = [];
  for await (const record of splitRecords(Readable.from([await read(path)]))) records.push(record);
  return records;
}

/**
 * The expected records; undefined where the file is not there.
 * @throws InputError where it is no JSON array
 */
export async function readRecords(path: string): Promise<readonly Json[] | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new InputError(path, systemProblem(error) ?? 'cannot be read', { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(path, 'is no JSON', { cause: error });
  }
  if (!Array.isArray(value)) throw new InputError(path, 'is no JSON array');
  return value as readonly Json[]; // true: JSON.parse gives nothing else
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(path, systemProblem(error) ?? 'cannot be read', { cause: error });
  }
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
