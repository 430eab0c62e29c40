import { describe, expect, it } from '@jest/globals';
import { ProcessTableError, sqliteReason } from '../../src/join/process-table-error.ts';

const sqliteError = (errcode: number) =>
  Object.assign(new Error('text'), { code: 'ERR_SQLITE_ERROR', errcode });

describe('sqliteReason', () => {
  it.each([
    [5, 'busy'],
    [8, 'read_only'],
    [11, 'damaged'],
    [13, 'full'],
    [14, 'cannot_open'],
    [26, 'not_a_process_table'],
    [10, 'failed'],
    [5 | (3 << 8), 'busy'], // SQLITE_BUSY_TIMEOUT, an extended code
    [8 | (6 << 8), 'read_only'], // SQLITE_READONLY_DIRECTORY
  ])('reads code %d as %s', (errcode, reason) => {
    expect(sqliteReason(sqliteError(errcode))).toBe(reason);
  });

  it.each([[new Error('text')], [Object.assign(new Error('text'), { errcode: 'x' })], ['text'], [undefined]])(
    'knows that SQLite did not throw %p',
    (error) => {
      expect(sqliteReason(error)).toBeUndefined();
    },
  );
});

describe('ProcessTableError', () => {
  it('says in one line which file and why', () => {
    const error = new ProcessTableError('a.sqlite', 'read_only');
    expect(error).toMatchObject({ name: 'ProcessTableError', path: 'a.sqlite', reason: 'read_only' });
    expect(error.message).toBe('process table a.sqlite: it may not be written');
  });
});

describe('what is no error at all', () => {
  it.each([[null], [{}]])('is nothing that SQLite threw: %p', (thrown) => {
    expect(sqliteReason(thrown)).toBeUndefined();
  });
});
