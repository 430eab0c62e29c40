/** What is wrong with the file that a process table is kept in. */

const REASONS = {
  cannot_open: 'it cannot be opened; is its folder there, and may it be written?',
  not_a_process_table: 'it is another kind of file; name another path',
  other_version: 'another version of this program wrote it; delete it or name another path',
  read_only: 'it may not be written',
  busy: 'another program holds it',
  full: 'the disk is full',
  damaged: 'it is damaged; delete it and process the input again',
  failed: 'it cannot be read or written',
} as const;

export type ProcessTableReason = keyof typeof REASONS;

/** The file of a process table cannot be used: which one, and why. The message is one line and names no GUID or field. */
export class ProcessTableError extends Error {
  readonly path: string;
  readonly reason: ProcessTableReason;

  constructor(path: string, reason: ProcessTableReason, options?: ErrorOptions) {
    super(`process table ${path}: ${REASONS[reason]}`, options);
    this.name = 'ProcessTableError';
    this.path = path;
    this.reason = reason;
  }
}

/** Primary result codes of SQLite that say more than "failed": https://sqlite.org/rescode.html */
const REASON_OF_CODE: Readonly<Record<number, ProcessTableReason>> = {
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  8: 'read_only', // SQLITE_READONLY
  11: 'damaged', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'cannot_open', // SQLITE_CANTOPEN
  26: 'not_a_process_table', // SQLITE_NOTADB
};

/** The reason behind what node:sqlite threw; undefined where SQLite did not throw it. */
export function sqliteReason(error: unknown): ProcessTableReason | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return REASON_OF_CODE[error.errcode & 0xff] ?? 'failed'; // the low byte of an extended code is its primary one
}
