/** From the text of a mapping file to a compiled mapping, with everything that is wrong with it. */
import { compileMapping } from './compile.ts';
import type { CompiledMapping } from './compile.ts';
import { readMappingFile } from './file.ts';
import { MappingError, uniqueProblems } from './problem.ts';
import type { Problem } from './problem.ts';

/** Reads and compiles; the mapping is undefined where there is an error among the problems. */
export function compileMappingText(text: string): {
  mapping: CompiledMapping | undefined;
  problems: Problem[];
} {
  const { file, problems } = readMappingFile(text);
  const mapping = file && compileMapping(file, problems);
  return { mapping, problems: uniqueProblems(problems) };
}

/**
 * The compiled mapping of a text.
 * @throws MappingError with every problem, where the file cannot be used
 */
export function loadMapping(text: string): CompiledMapping {
  const { mapping, problems } = compileMappingText(text);
  if (mapping === undefined) throw new MappingError(problems);
  return mapping;
}
