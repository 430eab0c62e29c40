/**
 * A result as a table for people. Where a terminal is too narrow for a table of so many columns, each row becomes a
 * list of its values, one a line.
 */
import Table from 'cli-table3';
import type { QueryResult } from './lake-database.ts';
import { printable, textOf } from './printable.ts';

const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL|BIGNUM)\b/;

/** A column of a table is not cut below this many characters; a list of values is shown instead. */
const CELL_WIDTH_MIN = 16;

/** Blanks beside a cell, and the line between two cells. */
const PADDING = 2;
const LINE = 1;

type Row = readonly string[];

interface Shape {
  readonly head: Row;
  readonly rows: readonly Row[];
  readonly aligns: readonly ('left' | 'right')[];
}

/**
 * Rows below the names of their columns, numbers to the right, nested values as JSON, and the number of rows below.
 * @param width columns of the terminal: no line is longer. Undefined: nothing is cut
 */
export function formatTable({ columns, rows }: QueryResult, width: number | undefined): string {
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`;
  if (columns.length === 0) return count;
  const shape: Shape = {
    head: columns.map(({ name }) => cell(name, width)),
    rows: rows.map((row) => row.map((value) => cell(textOf(value), width))),
    aligns: columns.map(({ type }) => (NUMERIC.test(type) ? 'right' : 'left')),
  };
  const natural = cellWidths(shape);
  if (width === undefined) return draw(shape, natural) + count;
  const available = width - columns.length * PADDING - (columns.length - 1) * LINE;
  const least = natural.reduce((sum, cellWidth) => sum + Math.min(cellWidth, CELL_WIDTH_MIN), 0);
  return (least <= available ? draw(shape, shared(natural, available)) : drawLists(shape, width)) + count;
}

/** No cell is wider than the terminal, so the rest of a long text need not be looked at. */
const cell = (text: string, width: number | undefined): string =>
  width === undefined ? printable(text) : printable(text.slice(0, 4 * width + 1), 4 * width);

/** Widths that add up to no more than `available`: what is narrow stays as it is, the wide ones share the rest. */
function shared(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  const narrowFirst = [...natural.entries()].sort(([, one], [, other]) => one - other);
  let rest = available;
  narrowFirst.forEach(([column, cellWidth], done) => {
    const share = Math.floor(rest / (natural.length - done));
    widths[column] = Math.min(cellWidth, share);
    rest -= Math.min(cellWidth, share);
  });
  return widths;
}

/** Each row under a title, one value a line beside the name of its column. */
function drawLists({ head, rows }: Shape, width: number): string {
  const names = Math.max(...cellWidths({ head: [''], rows: head.map((name) => [name]), aligns: ['left'] }));
  const nameWidth = Math.min(names, Math.floor(width / 2));
  const widths = [nameWidth, Math.max(width - nameWidth - 2 * PADDING - LINE, 1)];
  const lists = rows.map((row, number) => {
    const title = `── row ${number + 1} `.padEnd(width, '─').slice(0, width);
    return `${title}\n${drawBlock({ head: [], rows: head.map((name, i) => [name, row[i] ?? '']), aligns: [] }, widths)}\n`;
  });
  return lists.join('');
}

const CHARS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '' },
  ...{ mid: '─', 'mid-mid': '┼', middle: '│' },
};

/** cli-table3 compares every cell with all rows above it, so it is given only so many rows at a time. */
const BLOCK_ROWS = 8;

const blocksOf = ({ head, rows, aligns }: Shape): Shape[] =>
  Array.from({ length: Math.max(Math.ceil(rows.length / BLOCK_ROWS), 1) }, (_, block) => ({
    head: block === 0 ? head : [],
    rows: rows.slice(block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS),
    aligns,
  }));

/** @param widths of the cells, without padding; a text that is wider is cut and ends in `…` */
const draw = (shape: Shape, widths: readonly number[]): string =>
  blocksOf(shape)
    .map((block) => `${drawBlock(block, widths)}\n`)
    .join('');

function drawBlock({ head, rows, aligns }: Shape, widths: readonly number[]): string {
  const table = new Table({
    head: [...head],
    colAligns: [...aligns],
    colWidths: widths.map((width) => width + PADDING),
    chars: CHARS,
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** How wide each column is when nothing is cut: cli-table3 knows how wide a character is, and its lines show it. */
function cellWidths(shape: Shape): number[] {
  const widths = shape.head.map(() => 0);
  for (const block of blocksOf(shape)) {
    // The names once more as a row: without any row there is no line.
    const ruler =
      drawBlock({ ...block, head: shape.head, rows: [shape.head, ...block.rows] }, []).split('\n')[1] ?? '';
    ruler.split('┼').forEach((part, column) => {
      widths[column] = Math.max(widths[column] ?? 0, part.length - PADDING);
    });
  }
  return widths;
}
