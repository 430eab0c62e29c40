/** The --out argument: a folder, or a bucket and a prefix as s3://bucket/prefix. */
import { mkdir } from 'node:fs/promises';
import type { ProcessTable } from '../join/process-table.ts';
import { directoryStore } from '../lake/directory-store.ts';
import { classFolder } from '../lake/layout.ts';
import type { ObjectStore } from '../lake/object-store.ts';
import { InputError, UsageError, systemProblem } from './failure.ts';
import { RETENTION_SECONDS } from './run.ts';

export interface OutputOptions {
  /** Name of a table in DynamoDB. With s3:// alone. */
  readonly processTable?: string;
  /** Objects are encrypted with this key. With s3:// alone. */
  readonly kmsKeyArn?: string;
}

/** Where a lake is written. */
export interface LakeOutput {
  /** Holds the lake below ext/ and the quarantine. */
  readonly store: ObjectStore;
  /** The process table; undefined: one in SQLite. */
  readonly table?: ProcessTable;
  /** Where the one in SQLite is kept; undefined: nowhere. */
  readonly folder?: string;
  /** What a user should know when the run is over, one line each. */
  readonly notes: () => string[];
  readonly close: () => void;
}

export interface S3Address {
  readonly bucket: string;
  /** Without slashes at the ends; '' is the top. */
  readonly prefix: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const S3_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/+(.*?))?\/*$/s;

/**
 * What --out says: a bucket, or, as undefined, a folder.
 * @throws UsageError where it begins like a bucket and is none; LayoutError where the prefix cannot be one
 */
export function s3Address(out: string): S3Address | undefined {
  if (!/^s3:/i.test(out)) return undefined;
  const [, bucket, prefix = ''] = S3_ADDRESS.exec(out) ?? [];
  if (bucket === undefined) throw new UsageError(`--out ${out}: should be s3://bucket/prefix`);
  classFolder({ location: prefix, schema: 'any' });
  return { bucket, prefix };
}

/**
 * Opens a place for a lake; a folder is made, a bucket must exist. What is only for AWS is loaded only for it.
 * @throws UsageError, LayoutError, InputError, AwsSessionError, StoreError, DynamodbTableError
 */
export async function openOutput(out: string, options: OutputOptions): Promise<LakeOutput> {
  const address = s3Address(out);
  if (address !== undefined) return openBucket(address, options);
  for (const [option, value] of [
    ['--process-table', options.processTable],
    ['--kms-key-arn', options.kmsKeyArn],
  ]) {
    if (value !== undefined) throw new UsageError(`${option ?? ''} goes with --out s3://bucket/prefix`);
  }
  await makeFolder(out);
  return { store: directoryStore(out), folder: out, notes: () => [], close: () => undefined };
}

async function openBucket(
  address: S3Address,
  { processTable, kmsKeyArn }: OutputOptions,
): Promise<LakeOutput> {
  const { openS3 } = await import('./s3-output.ts');
  const s3 = await openS3({ ...address, ...(kmsKeyArn !== undefined && { kmsKeyArn }) });
  if (processTable === undefined) return { store: s3.store, notes: () => [], close: s3.close };
  try {
    const { openDynamodb } = await import('./dynamodb-output.ts');
    const { table, notes, close } = await openDynamodb(processTable, RETENTION_SECONDS);
    return {
      store: s3.store,
      table,
      notes,
      close() {
        s3.close();
        close();
      },
    };
  } catch (error) {
    s3.close();
    throw error;
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch {
    // Making one folder alone tells more: of a read-only disk, Node says ENOENT where it makes several.
    const error: unknown = await mkdir(path).catch((reason: unknown) => reason);
    if (error === undefined) return;
    throw new InputError(path, systemProblem(error) ?? 'cannot be made', { cause: error });
  }
}
