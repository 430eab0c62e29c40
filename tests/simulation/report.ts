/** What many runs come to, as numbers. */
import type { Outcome } from './simulation.ts';

export interface Report {
  seeds: number;
  events: number;
  invocations: number;
  objects: number;
  joins: Record<string, number>;
  injected: Record<string, number>;
}

export const newReport = (): Report => ({
  seeds: 0,
  events: 0,
  invocations: 0,
  objects: 0,
  joins: {},
  injected: {},
});

export function addOutcome(report: Report, outcome: Outcome): void {
  report.seeds++;
  for (const name of ['events', 'invocations', 'objects'] as const) report[name] += outcome[name];
  for (const name of ['joins', 'injected'] as const) {
    for (const [key, value] of Object.entries(outcome[name])) {
      report[name][key] = (report[name][key] ?? 0) + value;
    }
  }
}

/** Lines of text, numbers at the right. */
export function reportLines(report: Report): string[] {
  const { seeds, events, invocations, objects, joins, injected } = report;
  const line = ([name, value]: readonly [string, number]): string =>
    `${value.toLocaleString('en').padStart(12)}  ${name}`;
  return [
    ...Object.entries({ seeds, 'events sent': events, invocations, 'Parquet objects read': objects }).map(
      line,
    ),
    ...Object.entries(joins)
      .toSorted()
      .map(([name, value]) => line([`connections in the lake: ${name}`, value])),
    ...Object.entries(injected).map(line),
  ];
}
