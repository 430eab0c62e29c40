/** What every process table keeps, whatever it is made of. Each adapter's test runs it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProcessContext, ProcessTable } from '../../src/join/process-table.ts';
import { newFields } from '../../src/sysmon/event.ts';

export interface TableOptions {
  readonly now: () => number;
  readonly retentionSeconds: number;
}

export interface OpenTable {
  readonly table: ProcessTable;
  readonly close?: () => void | Promise<void>;
}

export interface ContractOptions {
  /** Opens a table with nothing in it. */
  readonly open: (options: TableOptions) => OpenTable | Promise<OpenTable>;
  /** Why this adapter does not keep the rules of expiry, where it does not. */
  readonly noExpiry?: string;
}

/** A normalised guid for a number. */
export const guidOf = (number: number): string =>
  `6a910b9d-498a-5ee0-c903-${number.toString(16).padStart(12, '0')}`;

export function contextOf(number: number, entries: Record<string, string> = {}): ProcessContext {
  const fields = newFields();
  for (const [name, value] of Object.entries({ ProcessId: String(number), ...entries })) fields[name] = value;
  return { guid: guidOf(number), fields };
}

/** Names and values of fields, in an order that does not depend on the adapter. */
const entriesOf = (context: ProcessContext | undefined) =>
  context && Object.entries(context.fields).sort(([a], [b]) => (a < b ? -1 : 1));

export function processTableContract(adapter: string, { open, noExpiry }: ContractOptions): void {
  describe(`${adapter} keeps the contract of a process table`, () => {
    let close: OpenTable['close'];
    let timeMs = Date.UTC(2026, 0, 1);
    const opened = async (retentionSeconds = 3600): Promise<ProcessTable> => {
      const { table, close: closeTable } = await open({ now: () => timeMs, retentionSeconds });
      close = closeTable;
      return table;
    };
    afterEach(async () => {
      await close?.();
      close = undefined;
      timeMs = Date.UTC(2026, 0, 1);
    });

    it('knows nothing at first', async () => {
      const table = await opened();
      expect(await table.get([guidOf(1)])).toEqual(new Map());
    });

    it('gives what was put, under its guid, and no more than was asked for', async () => {
      const table = await opened();
      await table.put([
        contextOf(1, { Image: 'C:\\a.exe', User: 'NT AUTHORITY\\SYSTEM' }),
        contextOf(2),
        contextOf(3),
      ]);
      expect(await table.get([guidOf(1), guidOf(3), guidOf(4)])).toEqual(
        new Map([
          [guidOf(1), contextOf(1, { Image: 'C:\\a.exe', User: 'NT AUTHORITY\\SYSTEM' })],
          [guidOf(3), contextOf(3)],
        ]),
      );
    });

    it('takes empty lists', async () => {
      const table = await opened();
      await table.put([]);
      expect(await table.get([])).toEqual(new Map());
    });

    it('takes a context without fields', async () => {
      const table = await opened();
      await table.put([{ guid: guidOf(1), fields: newFields() }]);
      expect(await table.get([guidOf(1)])).toEqual(new Map([[guidOf(1), { guid: guidOf(1), fields: {} }]]));
    });

    it('answers a guid once that is asked for twice in one call', async () => {
      const table = await opened();
      await table.put([contextOf(1)]);
      const found = await table.get([guidOf(1), guidOf(2), guidOf(1), guidOf(2)]);
      expect([...found]).toEqual([[guidOf(1), contextOf(1)]]);
    });

    it('is not changed by putting the same context again', async () => {
      const table = await opened();
      await table.put([contextOf(1, { Image: 'a' })]);
      await table.put([contextOf(1, { Image: 'a' })]);
      expect(await table.get([guidOf(1)])).toEqual(new Map([[guidOf(1), contextOf(1, { Image: 'a' })]]));
    });

    it('keeps the last context of a guid whole: a replay with a mapping that reads more, or less, wins', async () => {
      const table = await opened();
      await table.put([contextOf(1, { Image: 'a' })]);
      await table.put([contextOf(1, { User: 'b', Hashes: 'c' })]);
      expect((await table.get([guidOf(1)])).get(guidOf(1))).toEqual(contextOf(1, { User: 'b', Hashes: 'c' }));
    });

    it('keeps the last context of a guid that stands twice in one put', async () => {
      const table = await opened();
      await table.put([contextOf(1, { Image: 'a' }), contextOf(2), contextOf(1, { Image: 'b' })]);
      expect((await table.get([guidOf(1)])).get(guidOf(1))).toEqual(contextOf(1, { Image: 'b' }));
    });

    it('keeps any name and any text as they are', async () => {
      const table = await opened();
      const strange = newFields();
      for (const [name, value] of [
        ['__proto__', 'polluted'],
        ['constructor', 'text'],
        ['hasOwnProperty', ''],
        ['Empty', ''],
        ['Astral 🦊', '𝔘𝔫𝔦 🦊 \u{10FFFF}'],
        ['Lines', 'a\r\nb\u2028c\td"e\\f\'g'],
        ['Nul', 'a\0b'],
      ] as const) {
        strange[name] = value;
      }
      await table.put([{ guid: guidOf(1), fields: strange }]);
      const found = (await table.get([guidOf(1)])).get(guidOf(1));
      expect(entriesOf(found)).toEqual(entriesOf({ guid: guidOf(1), fields: strange }));
    });

    it('answers with fields that have no names but their own', async () => {
      const table = await opened();
      await table.put([contextOf(1)]);
      const fields = (await table.get([guidOf(1)])).get(guidOf(1))!.fields;
      expect('constructor' in fields).toBe(false);
      expect('__proto__' in fields).toBe(false);
    });

    it('keeps any text (property)', async () => {
      const table = await opened();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' })), {
            maxLength: 5,
          }),
          async (entries) => {
            const fields = newFields();
            for (const [name, value] of entries) fields[name] = value;
            await table.put([{ guid: guidOf(1), fields }]);
            const found = (await table.get([guidOf(1)])).get(guidOf(1));
            expect(entriesOf(found)).toEqual(entriesOf({ guid: guidOf(1), fields }));
          },
        ),
        { numRuns: 50 },
      );
    });

    it('takes and finds 10,000 processes at once', async () => {
      const table = await opened();
      const contexts = Array.from({ length: 10_000 }, (_, number) => contextOf(number));
      await table.put(contexts);
      const found = await table.get(Array.from({ length: 20_000 }, (_, number) => guidOf(number)));
      expect(found.size).toBe(10_000);
      expect(contexts.every(({ guid }, number) => found.get(guid)?.fields.ProcessId === String(number))).toBe(
        true,
      );
    });

    it('takes several calls at the same time', async () => {
      const table = await opened();
      await Promise.all(Array.from({ length: 20 }, (_, number) => table.put([contextOf(number)])));
      const found = await Promise.all(Array.from({ length: 20 }, (_, number) => table.get([guidOf(number)])));
      expect(found.map((answer, number) => answer.has(guidOf(number)))).toEqual(Array(20).fill(true));
    });

    const expiry = noExpiry === undefined ? describe : describe.skip;
    expiry(`expiry${noExpiry === undefined ? '' : ` (${noExpiry})`}`, () => {
      it('knows a context until its retention has passed, and not after', async () => {
        const table = await opened(60);
        await table.put([contextOf(1)]);
        timeMs += 59_999;
        expect((await table.get([guidOf(1)])).size).toBe(1);
        timeMs += 1;
        expect((await table.get([guidOf(1)])).size).toBe(0);
      });

      it('counts from the last put of a context', async () => {
        const table = await opened(60);
        await table.put([contextOf(1), contextOf(2)]);
        timeMs += 50_000;
        await table.put([contextOf(1)]);
        timeMs += 50_000;
        expect([...(await table.get([guidOf(1), guidOf(2)])).keys()]).toEqual([guidOf(1)]);
      });

      it('takes a context again that had expired', async () => {
        const table = await opened(60);
        await table.put([contextOf(1), contextOf(2)]);
        timeMs += 600_000;
        await table.put([contextOf(1)]);
        expect([...(await table.get([guidOf(1), guidOf(2)])).keys()]).toEqual([guidOf(1)]);
      });
    });
  });
}
