/** What is wrong with a mapping file: collected while it is read, all of it reported at once. */
import { distance } from 'fastest-levenshtein';

export interface Problem {
  /** An error keeps the file from loading; a warning says what OCSF or Sysmon would not agree with. */
  readonly severity: 'error' | 'warning';
  /** JSON pointer (RFC 6901) into the mapping file. */
  readonly pointer: string;
  readonly message: string;
}

/** A mapping file that cannot be used. */
export class MappingError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const first = errors[0];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super(first ? `${first.pointer || '/'}: ${first.message}${more}` : 'unusable mapping');
    this.name = 'MappingError';
    this.problems = problems;
  }
}

/** Each problem once: that of a template is met wherever the template is used. */
export const uniqueProblems = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.pointer}\0${problem.message}`, problem])).values(),
];

/** A JSON pointer one step further down. */
export const pointerTo = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The name among `names` that was most likely meant by `name`, or undefined where none is near. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Two, because the commonest slip swaps two letters.
  let bestDistance = Math.max(name.length > 3 ? 2 : 1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** ` – did you mean "x"?`, or nothing. */
export function suggestion(name: string, names: Iterable<string>): string {
  const near = nearest(name, names);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
