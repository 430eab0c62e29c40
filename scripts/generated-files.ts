/** The files that are made, not written: their texts as they should stand in the repository. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { QueryFile } from '../src/catalog/query-file.ts';
import { queriesFor, readQueryFiles } from '../src/cli/query-files.ts';
import { loadMapping } from '../src/mapping/load.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { mappingDoc } from './mapping-doc.ts';
import { tablesTemplate } from './tables-template.ts';
import { templateYaml } from './tables-template/yaml.ts';

export interface GeneratedFile {
  /** Path from the root of the repository. */
  readonly name: string;
  readonly text: string;
}

/**
 * Every generated file, formatted as prettier has it.
 * @param root folder of the repository, where the mapping files and the queries are
 * @throws MappingError where a mapping file cannot be used; QueryFileError where a query cannot
 */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const load = (name: string): CompiledMapping => loadMapping(readFileSync(path.join(root, name), 'utf8'));
  const classes = { name: 'OCSFmapping.json', mapping: load('OCSFmapping.json') };
  const native = { name: 'OCSFmapping.native.json', mapping: load('OCSFmapping.native.json') };
  const queries = await readQueryFiles(path.join(root, 'queries'));
  const tables = ({ name, mapping }: typeof classes, mine: 'class' | 'native'): string =>
    templateYaml(
      tablesTemplate(mapping, name, viewsFirst(queriesFor(queries, mine))),
      `Made by \`npm run generate\` from ${name} and queries/.`,
    );
  const texts = {
    'docs/mapping.md': mappingDoc(classes, native),
    'tables.yaml': tables(classes, 'class'),
    'tables.native.yaml': tables(native, 'native'),
  };
  return Promise.all(
    Object.entries(texts).map(async ([name, text]) => {
      const filepath = path.join(root, name);
      return { name, text: await format(text, { ...(await resolveConfig(filepath)), filepath }) };
    }),
  );
}

/** So that who runs them from the top finds what they read. */
const viewsFirst = (queries: readonly QueryFile[]): QueryFile[] => [
  ...queries.filter(({ kind }) => kind === 'view'),
  ...queries.filter(({ kind }) => kind === 'hunt'),
];
