/** The files that are made, not written: their texts as they should stand in the repository. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { loadMapping } from '../src/mapping/load.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { mappingDoc } from './mapping-doc.ts';

export interface GeneratedFile {
  /** Path from the root of the repository. */
  readonly name: string;
  readonly text: string;
}

/**
 * Every generated file, formatted as prettier has it.
 * @param root folder of the repository, where the mapping files are
 * @throws MappingError where a mapping file cannot be used
 */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const load = (name: string): CompiledMapping => loadMapping(readFileSync(path.join(root, name), 'utf8'));
  const doc = mappingDoc(
    { name: 'OCSFmapping.json', mapping: load('OCSFmapping.json') },
    { name: 'OCSFmapping.native.json', mapping: load('OCSFmapping.native.json') },
  );
  const texts = { 'docs/mapping.md': doc };
  return Promise.all(
    Object.entries(texts).map(async ([name, text]) => {
      const filepath = path.join(root, name);
      return { name, text: await format(text, { ...(await resolveConfig(filepath)), filepath }) };
    }),
  );
}
