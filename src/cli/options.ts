/** The options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option } from 'commander';
import { SOURCE_FORMATS } from '../sources/source.ts';
import type { SourceFormat } from '../sources/source.ts';
import { WORKERS_MAX } from './transform.ts';

type Format = SourceFormat | 'auto';

/** What a command that reads events is given. */
export interface InputOptions {
  readonly allowQuarantine?: true;
  readonly mapping?: string;
  readonly format: Format;
}

export const mappingOption = (): Option =>
  new Option('--mapping <file>', 'mapping file (default: the bundled OCSFmapping.json)');
export const formatOption = (): Option =>
  new Option('--format <format>', 'form of the records (default: detected for each record)')
    .choices(['auto', ...SOURCE_FORMATS])
    .default('auto', 'auto');
export const quarantineOption = (): Option =>
  new Option('--allow-quarantine', 'exit with 0 even if records could not be read or mapped');

/** @throws {InvalidArgumentError} for a text that is no integer from 1 to 999,999,999. */
export function positive(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('must be a positive integer.');
  return Number(value);
}

/** @throws {InvalidArgumentError} for a text that is no number of workers that a run can have. */
export function workerCount(value: string): number {
  const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > WORKERS_MAX)
    throw new InvalidArgumentError(`must be an integer from 1 to ${WORKERS_MAX}.`);
  return count;
}
