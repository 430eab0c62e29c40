/** A picture of the result as SVG: what an event's time goes into, and how it changes with the size of a batch. */
import type { CellResult } from './cell.ts';
import type { Result } from './result.ts';
import type { Stage } from './stages.ts';
import { number } from './tables.ts';
import { svgText } from './svg-text.ts';

const WIDTH = 760;
const BAR_LEFT = 190;
const BAR_WIDTH = 480;
const ROW = 26;

/** The stages that together are about the whole path; what is between them is the rest. */
const PARTS: readonly { readonly stage: Stage; readonly name: string; readonly colour: string }[] = [
  { stage: 'base64', name: 'base64', colour: '#9aa5b1' },
  { stage: 'decode', name: 'decode', colour: '#3e7cb1' },
  { stage: 'correlate', name: 'correlate', colour: '#81a4cd' },
  { stage: 'map', name: 'map', colour: '#e09f3e' },
  { stage: 'encode', name: 'encode', colour: '#6a994e' },
  { stage: 'zstd', name: 'zstd', colour: '#386641' },
];

const bar = (x: number, y: number, width: number, colour: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(0, width).toFixed(1)}" height="16" fill="${colour}"/>`;

const label = ({ input, batch_events }: CellResult): string =>
  `${input}, ${batch_events.toLocaleString('en-US')}`;

/** A row of coloured pieces, with JSON.parse below it as a line. */
function cellRow(cell: CellResult, y: number, scale: number): string[] {
  const out = [svgText(BAR_LEFT - 8, y + 12.5, label(cell), ' text-anchor="end"')];
  let x = BAR_LEFT;
  for (const { stage, colour } of PARTS) {
    const width = cell.stages[stage].ns_per_event * scale;
    out.push(bar(x, y, width, colour));
    x += width;
  }
  const whole = cell.stages.whole.ns_per_event * scale;
  const mark = BAR_LEFT + whole;
  out.push(`<path d="M${mark.toFixed(1)} ${y - 2}v20" stroke="#222" stroke-width="2"/>`);
  out.push(svgText(Math.max(x, mark) + 6, y + 12.5, `${number(cell.stages.whole.ns_per_event / 1000)} µs`));
  return out;
}

/** @returns undefined where no stage was measured */
export function plot(result: Result): string | undefined {
  const { cells } = result;
  if (cells.length === 0) return undefined;
  const longest = Math.max(
    ...cells.map((cell) =>
      Math.max(
        cell.stages.whole.ns_per_event,
        PARTS.reduce((sum, { stage }) => sum + cell.stages[stage].ns_per_event, 0),
      ),
    ),
  );
  const scale = BAR_WIDTH / longest;
  const top = 74;
  const height = top + cells.length * ROW + 30;
  const legend = PARTS.flatMap(({ name, colour }, i) => {
    const x = BAR_LEFT + i * 82;
    return [`<rect x="${x}" y="40" width="12" height="12" fill="${colour}"/>`, svgText(x + 17, 50.5, name)];
  });
  const parseNs = cells[0]?.stages['JSON.parse'].ns_per_event ?? 0;
  const parse = BAR_LEFT + parseNs * scale;
  const bottom = top + cells.length * ROW;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222" role="img" aria-label="Time an event by stage, for each input and size of batch">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    svgText(
      16,
      24,
      'Time an event, by stage; the black mark is the whole path',
      ' font-size="14" font-weight="600"',
    ),
    ...legend,
    `<path d="M${parse.toFixed(1)} ${top - 8}V${bottom}" stroke="#b23a48" stroke-dasharray="3 3"/>`,
    ...cells.flatMap((cell, i) => cellRow(cell, top + i * ROW, scale)),
    svgText(parse, bottom + 14, `JSON.parse, ${number(parseNs / 1000)} µs`, ' fill="#b23a48"'),
    '</svg>',
  ].join('\n')}\n`;
}
