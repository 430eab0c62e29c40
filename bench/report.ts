/** The tables for a terminal. */
import Table from 'cli-table3';
import type { Result } from './result.ts';
import { tablesOf } from './tables.ts';

export const origin = (result: Result): string =>
  `Node ${result.node.slice(1)}, ${result.cpu}; ${result.events_are_real ? 'real' : 'generated'} events of ${result.event_bytes} bytes on the mean`;

export function report(result: Result): string {
  const tables = tablesOf(result).map(({ title, head, rows }) => {
    const table = new Table({ head: [...head], style: { head: [], border: [] } });
    table.push(...rows.map((row) => [...row]));
    return `${title}\n${table.toString()}`;
  });
  return [origin(result), ...tables].join('\n\n');
}
