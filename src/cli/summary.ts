/** The summary of a run as tables for people. */
import Table from 'cli-table3';
import { count } from '../counts.ts';
import type { Counts } from '../counts.ts';

const PLAIN = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [], compact: true },
};

const sum = (tally: Readonly<Record<string, number>>): number =>
  Object.values(tally).reduce((a, b) => a + b, 0);

/** `<reason> <appearance>`, added up by appearance. */
function withoutReasons(byAppearance: Readonly<Record<string, number>>): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const [key, n] of Object.entries(byAppearance)) count(tally, key.slice(key.indexOf(' ') + 1), n);
  return tally;
}

/** The tables, one below the other. */
export function summaryTables(counts: Counts, out: string): string {
  const numbers = (head: string, tally: Readonly<Record<string, number>>, unit = 'records'): string => {
    const rows = Object.entries(tally).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    if (rows.length === 0) return '';
    const table = new Table({ ...PLAIN, head: [head, unit], colAligns: ['left', 'right'] });
    for (const [name, n] of rows) table.push([name, n]);
    return `${table.toString()}\n`;
  };
  const bytes = counts.objects.reduce((total, object) => total + object.bytes, 0);
  const total = new Table({
    ...PLAIN,
    head: ['received', 'written', 'quarantined', 'objects', 'bytes'],
    colAligns: Array<'right'>(5).fill('right'),
  });
  total.push([counts.received, counts.written, counts.quarantined, counts.objects.length, bytes]);
  return [
    numbers('EventID', counts.byEventId),
    numbers('class', counts.byClass),
    numbers('form', counts.byFormat),
    sum(counts.join) > 0 ? numbers('join', counts.join, 'events') : '',
    numbers('quarantined because', counts.byReason),
    numbers('quarantined records look like', withoutReasons(counts.byAppearance)),
    numbers('text that fits no type', counts.conversionFailures, 'times'),
    `${total.toString()}\n`,
    `the lake: ${out}\n`,
  ].join('');
}
