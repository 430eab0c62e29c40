/**
 * `npm run verify:trino`: lakes that the command writes, read by Trino, the engine under Athena, through the generated
 * tables, and by DuckDB. Both must say the same of every leaf of every column, of the partitions, and of every view and
 * hunt; also after the mapping was given new attributes, twice, and in the layout per-source. Called by
 * verify-trino.sh, which brings the server: `verify-trino.ts <java> <server> <plugins>`.
 */
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLake } from '../src/cli/lake-database.ts';
import { queriesFor, readQueryFiles } from '../src/cli/query-files.ts';
import { transform } from '../src/cli/transform.ts';
import { START_DAY } from '../src/catalog/projection.ts';
import { sourceNameFor } from '../src/lake/layout.ts';
import { loadMapping } from '../src/mapping/load.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { tablesTemplate } from './tables-template.ts';
import { templateYaml } from './tables-template/yaml.ts';
import { compareQueries } from './verify-trino/compare-queries.ts';
import { compareTable } from './verify-trino/compare-tables.ts';
import type { ObjectSet } from './verify-trino/compare-tables.ts';
import { trinoClient } from './verify-trino/client.ts';
import { openDuckDb } from './verify-trino/duckdb.ts';
import { glueTables, writeDatabase } from './verify-trino/metastore.ts';
import { withAttributes } from './verify-trino/more-attributes.ts';
import { newReport } from './verify-trino/report.ts';
import { startTrino } from './verify-trino/server.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const REGION = 'eu-central-1';
const ACCOUNT = '111111111111';

const [java, home, plugins] = process.argv.slice(2);
if (java === undefined || home === undefined || plugins === undefined)
  throw new TypeError('call it by scripts/verify-trino.sh');

const real = globSync(path.join(ROOT, '../shared/data/*.gz')).toSorted();
const examples = globSync(path.join(ROOT, 'events/intrusion.*')).toSorted();
const inputs = real.length > 0 ? real : examples;

interface Generation {
  readonly mapping: CompiledMapping;
  readonly mappingFile: string;
  readonly template: string;
  /** What it is given to map. */
  readonly inputs: readonly string[];
}

const work = mkdtempSync(path.join(tmpdir(), 'sysmon-lake-trino-'));
// However it ends; a signal ends it too, see server.ts.
process.on('exit', () => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));
const lakes = path.join(work, 'lakes');
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const report = newReport(print);

/** A mapping file of the repository with its template, then the same file changed twice with templates of its own. */
function generationsOf(mappingFile: string, template: string): Generation[] {
  const text = readFileSync(path.join(ROOT, mappingFile), 'utf8');
  const first = {
    mapping: loadMapping(text),
    mappingFile: path.join(ROOT, mappingFile),
    template: path.join(ROOT, template),
    inputs,
  };
  const changed = ([1, 2] as const).map((generation): Generation => {
    const changedText = withAttributes(text, generation);
    const name = path.join(work, `${generation}-${mappingFile}`);
    const mapping = loadMapping(changedText);
    writeFileSync(name, changedText);
    writeFileSync(`${name}.yaml`, templateYaml(tablesTemplate(mapping, mappingFile, []), 'Changed'));
    // The examples under other names: objects are named by their input, and are to lie beside the others.
    const folder = path.join(work, `inputs-${generation}`);
    mkdirSync(folder, { recursive: true });
    const copies = examples.map((file) => path.join(folder, `changed-${generation}-${path.basename(file)}`));
    for (const [i, file] of examples.entries()) copyFileSync(file, copies[i] ?? '');
    return { mapping, mappingFile: name, template: `${name}.yaml`, inputs: copies };
  });
  return [first, ...changed];
}

async function write(lake: string, { mappingFile, inputs: files }: Generation) {
  const { counts, failures } = await transform(files, {
    out: path.join(lakes, lake),
    mapping: mappingFile,
    format: 'auto',
    region: REGION,
    accountId: ACCOUNT,
    progress: false,
  });
  if (failures[0] !== undefined) throw failures[0];
  return counts.written;
}

/** Every day since the first event is a folder that Trino looks for, in each account. */
const parameters = (lake: string, accountIds: readonly string[]): Record<string, string> => ({
  ASLCustomLogSourceLocation: `${lake}/ext/windows-sysmon`,
  LakeRegions: REGION,
  LakeAccountIds: accountIds.join(','),
  ProjectionStartDay: firstDay(path.join(lakes, lake)),
});

const firstDay = (folder: string): string =>
  globSync(path.join(folder, 'ext/**/eventDay=*'))
    .map((name) => name.slice(-8))
    .toSorted()[0] ?? START_DAY;

const setOf = (
  lake: string,
  schema: string,
  generation: Generation,
  folder = `windows-sysmon/${schema}`,
): ObjectSet => ({
  folder: path.join(lakes, lake, 'ext', folder),
  inputs: generation.inputs.map((file) => path.basename(file)),
  columns: generation.mapping.tables.get(schema)?.columns ?? [],
});

const server = { home, plugins, java, folder: path.join(work, 'trino'), root: lakes };
mkdirSync(lakes);
const duckdb = await openDuckDb();
const startedMs = Date.now();
const seconds = (): string => `${((Date.now() - startedMs) / 1000).toFixed(0)} s`;
let trinoServer: Awaited<ReturnType<typeof startTrino>> | undefined;
try {
  print(`${inputs === real ? 'real data' : 'the examples of events/'}: ${inputs.length} files`);
  trinoServer = await startTrino(server);
  const { port } = trinoServer;
  print(`Trino is up after ${seconds()}`);

  for (const [lake, mappingFile, template] of [
    ['class', 'OCSFmapping.json', 'tables.yaml'],
    ['native', 'OCSFmapping.native.json', 'tables.native.yaml'],
  ] as const) {
    const generations = generationsOf(mappingFile, template);
    const [first] = generations;
    const last = generations.at(-1);
    if (first === undefined || last === undefined) continue;

    // As the repository has it.
    let written = await write(lake, first);
    await writeDatabase(lakes, lake, glueTables(first.template, parameters(lake, [ACCOUNT])));
    const trino = trinoClient(port, lake);
    let leaves = 0;
    let rows = 0;
    for (const [name, { columns }] of first.mapping.tables) {
      const compared = await compareTable(
        { label: lake, name, columns, sets: [setOf(lake, name, first)] },
        trino,
        duckdb,
        report,
      );
      leaves += compared.leaves;
      rows += compared.rows;
    }
    report.check(`${lake}: rows of all tables, events written`, rows, written);
    print(
      `${mappingFile}: ${first.mapping.tables.size} tables, ${leaves} leaves, ${rows} rows, ${seconds()}`,
    );

    const queries = queriesFor(await readQueryFiles(path.join(ROOT, 'queries')), lake);
    const ordered = [
      ...queries.filter(({ kind }) => kind === 'view'),
      ...queries.filter(({ kind }) => kind === 'hunt'),
    ];
    const tables = new Map(Array.from(first.mapping.tables, ([name, { columns }]) => [name, columns]));
    const database = await openLake(path.join(lakes, lake), queries);
    const given = await compareQueries({ label: lake, queries: ordered, tables }, trino, database, report);
    database.close();
    print(
      `${ordered.length} queries: ${Array.from(given, ([name, n]) => `${name} ${n}`).join(', ')}, ${seconds()}`,
    );

    // Two changes of the mapping: objects of all generations below the tables of each.
    for (const generation of generations.slice(1)) written += await write(lake, generation);
    for (const [i, generation] of generations.entries()) {
      if (i === 1) continue; // its objects are read; the first tables and the last do for both directions
      const label = `${lake}, tables of generation ${i}`;
      const changed = `${lake}_${i}`;
      await writeDatabase(lakes, changed, glueTables(generation.template, parameters(lake, [ACCOUNT])));
      let all = 0;
      for (const [name, { columns }] of generation.mapping.tables) {
        const sets = generations.map((one) => setOf(lake, name, one));
        const compared = await compareTable(
          { label, name, columns, sets },
          trinoClient(port, changed),
          duckdb,
          report,
        );
        all += compared.rows;
      }
      report.check(`${label}: rows of all tables, events written`, all, written);
      print(`${label}: ${all} rows of 3 generations, ${seconds()}`);
    }

    // The same objects, laid out as the functions do in the layout per-source.
    const perSource = `${lake}-sources`;
    const few = await write(perSource, last);
    const ext = path.join(lakes, perSource, 'ext');
    let found = 0;
    for (const name of last.mapping.tables.keys()) {
      const folder = path.join(ext, last.mapping.sourceName, name);
      if (existsSync(folder))
        renameSync(folder, path.join(ext, sourceNameFor(name, last.mapping.sourceName)));
    }
    const database2 = `${lake}_sources`;
    const sourceTables = { ...parameters(perSource, ['external', ACCOUNT]), LakeLayout: 'per-source' };
    await writeDatabase(lakes, database2, glueTables(last.template, sourceTables));
    for (const [name, { columns }] of last.mapping.tables) {
      const folder = sourceNameFor(name, last.mapping.sourceName);
      const compared = await compareTable(
        { label: perSource, name, columns, sets: [setOf(perSource, name, last, folder)] },
        trinoClient(port, database2),
        duckdb,
        report,
      );
      found += compared.rows;
    }
    report.check(`${perSource}: rows of all tables, events written`, found, few);
  }
} finally {
  await trinoServer?.stop();
  duckdb.close();
}
const failures = report.failures();
print(
  failures.length === 0
    ? `Trino and DuckDB agree: ${report.checks()} comparisons, ${seconds()}`
    : `Trino and DuckDB differ in ${failures.length} of ${report.checks()} comparisons`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
