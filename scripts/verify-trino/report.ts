/** What was compared and what was found to differ; nothing is printed twice, and no value of an event is. */
export interface Report {
  /** Notes one comparison. */
  check(what: string, trino: unknown, duckdb: unknown): void;
  /** Notes a failure of either engine. */
  fail(what: string, problem: string): void;
  readonly checks: () => number;
  readonly failures: () => readonly string[];
}

export function newReport(print: (line: string) => void): Report {
  let checks = 0;
  const failures: string[] = [];
  const fail = (what: string, problem: string): void => {
    failures.push(what);
    print(`DIFFERS  ${what}: ${problem}`);
  };
  return {
    check(what, trino, duckdb) {
      checks++;
      const [a, b] = [textOf(trino), textOf(duckdb)];
      if (a === b) return;
      let at = 0;
      while (a[at] === b[at]) at++;
      const around = (text: string): string => text.slice(Math.max(0, at - 60), at + 60);
      fail(what, `from character ${at} on: Trino …${around(a)}…, DuckDB …${around(b)}…`);
    },
    fail(what, problem) {
      checks++;
      fail(what, problem);
    },
    checks: () => checks,
    failures: () => failures,
  };
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
