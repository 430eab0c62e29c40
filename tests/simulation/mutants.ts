/**
 * Products that were broken on purpose, to show that the simulation sees it. A mutant is a few edits of the source; one
 * whose text is not found there any more is an error, so that a mutant cannot quietly become the product itself.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadProduct, ROOT } from './product.ts';
import type { Product } from './product.ts';

export interface Edit {
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The first of the seeds 1 to 200 that catch it. */
  readonly caughtBy: readonly number[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'writes the Parquet objects before the deferred object',
    // What a batch proposes to defer is taken for decided; the decision is written down behind the Parquet objects.
    edits: [
      {
        file: 'src/pipeline.ts',
        find: 'const decided = await decideDeferred(deferral.work, deferredKey(batch.name), records);',
        replace: `undecided.set(batch, records);
  const decided = records;`,
      },
      {
        file: 'src/pipeline.ts',
        find: `/** The records, by index, that wait`,
        replace: `const undecided = new WeakMap<Batch, Parameters<typeof decideDeferred>[2]>();
/** The records, by index, that wait`,
      },
      {
        file: 'src/pipeline.ts',
        find: '  if (waiting !== undefined && options.deferral !== undefined) {',
        replace: `  const proposed = undecided.get(batch);
  const decided =
    proposed && options.deferral
      ? await decideDeferred(options.deferral.work, deferredKey(batch.name), proposed)
      : [];
  if (decided.length > 0 && options.deferral !== undefined) {
    await options.deferral.queue.send({ key: deferredKey(batch.name) }, options.deferral.waitSeconds);
  }
  if (false as boolean && waiting !== undefined && options.deferral !== undefined) {`,
      },
    ],
    caughtBy: [6, 45, 82, 92, 101, 106, 107, 143],
  },
  {
    name: 'names objects at random',
    edits: [
      {
        file: 'src/lake/layout.ts',
        find: '`${checkedName(parts.name)}.zstd.parquet`',
        replace: '`${checkedName(parts.name)}-${Math.random().toString(36).slice(2)}.zstd.parquet`',
      },
    ],
    caughtBy: [1, 5, 6, 7, 9, 12, 13, 14],
  },
  {
    name: 'drops unprocessed keys',
    edits: [
      {
        file: 'src/join/dynamodb-process-table.ts',
        find: 'return answer.UnprocessedKeys?.[tableName]?.Keys ?? [];',
        replace: 'return [];',
      },
    ],
    caughtBy: [2, 9, 14, 15, 17, 30, 33, 45],
  },
  {
    name: 'drops unprocessed items',
    edits: [
      {
        file: 'src/join/dynamodb-process-table.ts',
        find: 'return (answer.UnprocessedItems?.[tableName] ?? [])',
        replace: 'return (answer.UnprocessedItems?.[tableName] ?? []).slice(0, 0)',
      },
    ],
    caughtBy: [2, 5, 10, 17, 30, 48, 53, 55],
  },
  {
    name: 'forgets the processes of its own batch',
    edits: [
      {
        file: 'src/pipeline.ts',
        find: 'options.processesKnown === true ? new Map<string, ProcessContext>() : processes',
        replace: 'new Map<string, ProcessContext>()',
      },
    ],
    caughtBy: [17, 21, 33, 49, 120, 123, 149],
  },
  {
    name: 'compares GUIDs with their case',
    edits: [
      {
        file: 'src/sysmon/process-guid.ts',
        find: 'return (match?.[1] ?? match?.[2])?.toLowerCase();',
        replace: 'return match?.[1] ?? match?.[2];',
      },
    ],
    caughtBy: [1, 2, 3, 4, 5, 6, 7, 8],
  },
  {
    name: 'ignores expiry',
    edits: [
      {
        file: 'src/join/dynamodb-process-table.ts',
        find: 'else if (entry.expiresAt > time)',
        replace: 'else if (entry.expiresAt > time || entry.expiresAt > 0)',
      },
    ],
    caughtBy: [1, 16, 21, 22, 25, 28, 29, 31],
  },
  {
    name: 'decides anew what to defer',
    edits: [
      {
        file: 'src/lake/s3-store.ts',
        find: "status === 412) return 'exists'",
        replace: "status === 412) return 'written'",
      },
    ],
    caughtBy: [86, 92, 96, 101, 107, 164],
  },
  {
    name: 'reads what may be stale',
    edits: [
      {
        file: 'src/join/dynamodb-process-table.ts',
        find: 'ConsistentRead: true',
        replace: 'ConsistentRead: false',
      },
    ],
    caughtBy: [3, 17, 39, 74, 90, 103, 117, 172],
  },
];

/** A mutant whose edit fits the source no longer. */
export class MutantError extends Error {
  readonly mutant: string;
  readonly edit: Edit;
  constructor(mutant: string, edit: Edit, times: number) {
    super(`mutant "${mutant}": ${edit.file} has ${times} times, not once: ${edit.find}`);
    this.name = 'MutantError';
    this.mutant = mutant;
    this.edit = edit;
  }
}

/** The text with the edit in it. @throws MutantError */
export function edited(text: string, edit: Edit, mutant: string): string {
  const pieces = text.split(edit.find);
  if (pieces.length !== 2) throw new MutantError(mutant, edit, pieces.length - 1);
  return pieces.join(edit.replace);
}

/** Works with a mutant, which lies in a folder for as long. @throws MutantError */
export async function withMutant<T>(
  { name, edits }: Mutant,
  work: (product: Product) => Promise<T>,
  root = ROOT,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-mutant-'));
  try {
    for (const part of ['src', 'functions', 'package.json', 'OCSFmapping.json', 'OCSFmapping.native.json']) {
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    for (const edit of edits) {
      const file = path.join(folder, edit.file);
      writeFileSync(file, edited(readFileSync(file, 'utf8'), edit, name));
    }
    return await work(await loadProduct(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
