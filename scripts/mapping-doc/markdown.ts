/** The little Markdown that the page is made of. */

/** Text as code. A backtick in it would end it; no name of Sysmon or OCSF has one. */
export const code = (text: string): string => `\`${text}\``;

/** A table; a bar in a cell would end the cell. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '-')), ...rows.map(line)].join('\n');
}

/** The anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** A link to a heading of the page. */
export const linkTo = (heading: string, text = heading.replaceAll('`', '')): string =>
  `[${text}](#${anchor(heading)})`;

/** `a, b and c` */
export function listed(items: readonly string[], last = 'and'): string {
  const rest = items.slice(0, -1);
  return rest.length === 0 ? (items[0] ?? '') : `${rest.join(', ')} ${last} ${items.at(-1) ?? ''}`;
}

/** Numbers, with runs of three or more as `26–29`. */
export function numbers(ids: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === id - 1) run[1] = id;
    else if (run?.[1] !== id) runs.push([id, id]);
  }
  return runs
    .flatMap(([from, to]) => (to - from < 2 ? [...new Set([from, to])].map(String) : [`${from}–${to}`]))
    .join(', ');
}
