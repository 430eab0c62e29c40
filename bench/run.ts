/**
 * `npm run bench`: what an event costs, and what the things beside it cost, in one run.
 *
 *   npm run bench                                  everything; some minutes
 *   npm run bench -- --quick                       all but the growth and the other sizes
 *   npm run bench -- --json                        one JSON object on standard output
 *   npm run bench -- --part stages --part memory   these alone
 *   npm run bench -- --huge                        and five gigabytes through the command; long
 *   npm run bench -- --write-docs                  and docs/performance.md and .svg with what was found
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { readInputs } from './inputs.ts';
import { FULL, measure, QUICK } from './measure.ts';
import type { Plan } from './measure.ts';
import { report } from './report.ts';
import { PARTS } from './result.ts';
import type { Part } from './result.ts';
import { writeDocs } from './write-docs.ts';

interface Arguments {
  readonly plan: Plan;
  readonly json: boolean;
  readonly writesDocs: boolean;
}

/** @throws TypeError one line, for a person */
function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      huge: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      part: { type: 'string', multiple: true },
    },
  });
  const plan = values.quick ? QUICK : FULL;
  const parts = new Set(values.part?.map(partOf) ?? plan.parts);
  if (values.huge) parts.add('huge');
  return { plan: { ...plan, parts }, json: values.json, writesDocs: values['write-docs'] };
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined) throw new TypeError(`--part: one of ${PARTS.join(', ')}`);
  return part;
}

async function main(): Promise<void> {
  const { plan, json, writesDocs } = readArguments(process.argv.slice(2));
  const say = (what: string): void => {
    const seconds = (performance.now() / 1000).toFixed(0).padStart(4);
    process.stderr.write(`bench: ${seconds} s  ${what}\n`);
  };
  const result = await measure(readInputs(), plan, say);
  if (writesDocs) await writeDocs(result);
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${report(result)}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`bench: ${error.message.split('\n')[0] ?? ''}\n`);
  process.exitCode = 2;
}
