/**
 * A process table in one SQLite file: what the command keeps between its runs on one machine.
 *
 * The journal is SQLite's default, a rollback journal that is deleted at each commit. Nothing stays beside the
 * file after a run, a run that is killed is rolled back by the next one, and the file may be on any disk; the
 * write-ahead log would leave two more files after a kill and earn nothing at one transaction a batch.
 */
import { DatabaseSync } from 'node:sqlite';
import { newFields } from '../sysmon/event.ts';
import type { Fields } from '../sysmon/event.ts';
import { ProcessTableError, sqliteReason } from './process-table-error.ts';
import type { ProcessContext, ProcessTable } from './process-table.ts';

/** Kept in the file's user_version. Another layout of the table gets another number. */
const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE process (
    guid TEXT NOT NULL PRIMARY KEY,
    fields TEXT NOT NULL, -- a JSON object of texts
    expires_at INTEGER NOT NULL -- Unix seconds
  ) STRICT;
  CREATE INDEX process_expires_at ON process (expires_at);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** How long a call waits for another program that writes the file. */
const BUSY_WAIT_MS = 10_000;
const KEYS_PER_QUERY = 500;
/** Expired rows that one put deletes at most: clearing an old file takes several puts, none of them long. */
const DELETED_PER_PUT = 10_000;

export interface SqliteProcessTableOptions {
  /** The file. It is made if it is not there; its folder is not. */
  readonly path: string;
  /** The clock: epoch milliseconds. */
  readonly now: () => number;
  /** How long a context is kept after it was last put. */
  readonly retentionSeconds: number;
  /** Set where the file is there and is only asked: nothing is made, and no lock is taken that others would wait for. */
  readonly readOnly?: boolean;
}

export interface SqliteProcessTable extends ProcessTable {
  /** Closes the file. Closing again does nothing. */
  close(): void;
}

/**
 * Opens the table, and makes it where there is none.
 * Throws {@link ProcessTableError}, and its get and put reject with it, where the file cannot be used.
 */
export function sqliteProcessTable(options: SqliteProcessTableOptions): SqliteProcessTable {
  const { path, now, retentionSeconds, readOnly = false } = options;
  const nowSeconds = () => Math.floor(now() / 1000);
  const database = open(path, readOnly);
  // The guids go in as one JSON array, so that one prepared statement serves any number of them.
  const select = database.prepare(
    'SELECT guid, fields FROM process WHERE guid IN (SELECT value FROM json_each(?)) AND expires_at > ?',
  );
  const upsert = database.prepare(
    `INSERT INTO process (guid, fields, expires_at) VALUES (?, ?, ?)
     ON CONFLICT (guid) DO UPDATE SET fields = excluded.fields, expires_at = excluded.expires_at`,
  );
  const deleteExpired = database.prepare(
    `DELETE FROM process WHERE rowid IN (SELECT rowid FROM process WHERE expires_at <= ? LIMIT ${DELETED_PER_PUT})`,
  );

  const getNow = (guids: readonly string[]): ReadonlyMap<string, ProcessContext> => {
    const time = nowSeconds();
    const found = new Map<string, ProcessContext>();
    for (let start = 0; start < guids.length; start += KEYS_PER_QUERY) {
      const keys = JSON.stringify(guids.slice(start, start + KEYS_PER_QUERY));
      for (const row of select.all(keys, time)) {
        const guid = String(row.guid);
        found.set(guid, { guid, fields: parseFields(path, row.fields) });
      }
    }
    return found;
  };

  const putNow = (contexts: readonly ProcessContext[]): void => {
    if (contexts.length === 0) return;
    const time = nowSeconds();
    transaction(database, () => {
      deleteExpired.run(time);
      for (const { guid, fields } of contexts) {
        upsert.run(guid, JSON.stringify(fields), time + retentionSeconds);
      }
    });
  };

  return {
    get: (guids) => promised(path, () => getNow(guids)),
    put: (contexts) => promised(path, () => putNow(contexts)),
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function open(path: string, readOnly: boolean): DatabaseSync {
  return namingTheFile(path, () => {
    const database = new DatabaseSync(path, { readOnly });
    try {
      prepare(path, database, readOnly);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/** Makes the table in a new file, and looks at the version of one that is there. */
function prepare(path: string, database: DatabaseSync, readOnly: boolean): void {
  database.exec(`PRAGMA busy_timeout = ${BUSY_WAIT_MS}`);
  if (readOnly) return; // whoever made the file has looked at it
  transaction(database, () => {
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    if (version === SCHEMA_VERSION) {
      if (!hasTable(database, 'process')) throw new ProcessTableError(path, 'not_a_process_table');
      // Deletes nothing, but tells now, and not at the first put, that the file may only be read.
      database.exec('DELETE FROM process WHERE false');
      return;
    }
    if (version !== 0) throw new ProcessTableError(path, 'other_version');
    if (hasTable(database)) throw new ProcessTableError(path, 'not_a_process_table');
    database.exec(SCHEMA);
  });
}

/** Whether the file has a table of this name, or any at all. */
function hasTable(database: DatabaseSync, name?: string): boolean {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return tables.some((table) => name === undefined || table.name === name);
}

function transaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite had rolled back by itself, as it does after some errors: a full disk is one.
  }
}

/** The answer of synchronous work as a promise, and what it throws as a rejection. */
function promised<T>(path: string, work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(namingTheFile(path, work)));
}

/** Does the work; what SQLite throws in it becomes a {@link ProcessTableError}. */
function namingTheFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = sqliteReason(error);
    if (reason === undefined) throw error;
    throw new ProcessTableError(path, reason, { cause: error });
  }
}

function parseFields(path: string, text: unknown): Fields {
  const fields = newFields();
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(text));
  } catch {
    throw new ProcessTableError(path, 'damaged');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new ProcessTableError(path, 'damaged');
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value !== 'string') throw new ProcessTableError(path, 'damaged');
    fields[name] = value;
  }
  return fields;
}
