/**
 * Stack traces that name the sources, without what Node's `--enable-source-maps` takes at every cold start: the map of a
 * bundle is read when an error is there, and then once.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import type { SourceMapping } from 'node:module';

const FRAME = '    at ';
const ASYNC = 'async ';
/** `/var/task/transform.cjs:12:345`, at the end of a frame with or without a bracket. */
const PLACE = /^([^()]+\.cjs):(\d+):(\d+)\)?$/;
/** Of causes within causes. */
const CAUSES_MAX = 8;

const maps = new Map<string, SourceMap | undefined>();
/** A function is one bundle; text in a message may look like others. */
const MAPS_MAX = 8;

function mapOf(bundle: string): SourceMap | undefined {
  if (!maps.has(bundle) && maps.size < MAPS_MAX) maps.set(bundle, readMap(`${bundle}.map`));
  return maps.get(bundle);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(
      JSON.parse(readFileSync(file, 'utf8')) as ConstructorParameters<typeof SourceMap>[0],
    ); // true: what esbuild wrote
  } catch {
    return undefined; // the stack stays as it is
  }
}

/** A line of a stack; what is no frame of a bundle stays as it is. */
function lineWithSource(line: string): string {
  if (!line.startsWith(FRAME)) return line;
  const bracket = line.lastIndexOf('(');
  // A function without a name has no brackets: `    at async /var/task/transform.cjs:12:345`.
  const start =
    bracket >= 0 ? bracket + 1 : FRAME.length + (line.startsWith(ASYNC, FRAME.length) ? ASYNC.length : 0);
  const [, bundle = '', row, column] = PLACE.exec(line.slice(start)) ?? [];
  if (row === undefined) return line;
  // A map counts from 0, and gives what stands nearest before the place, on an earlier line too.
  const entry: Partial<SourceMapping> = mapOf(bundle)?.findEntry(Number(row) - 1, Number(column) - 1) ?? {};
  const { generatedLine, originalSource, originalLine = NaN, originalColumn = NaN } = entry;
  if (originalSource === undefined || generatedLine !== Number(row) - 1) return line;
  const place = `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
  return `${line.slice(0, start)}${place}${line.endsWith(')') ? ')' : ''}`;
}

/**
 * The same error, its stack and those of its causes in the places of the sources, where a bundle's map lies beside it.
 * Never throws.
 */
export function withSources(error: unknown): unknown {
  try {
    let cause = error;
    for (let depth = 0; cause instanceof Error && depth < CAUSES_MAX; depth++, cause = cause.cause) {
      const { stack } = cause;
      if (typeof stack === 'string') cause.stack = stack.split('\n').map(lineWithSource).join('\n');
    }
  } catch {
    // An error that cannot be read or changed is told as it is.
  }
  return error;
}
