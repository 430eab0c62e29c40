/** What is there: read from Security Lake and Glue, and nothing changed. */
import type { SourceState } from './plan.ts';
import { glueNamesOf, predictedSource } from './names.ts';
import type { Caller, Services, SourceFound } from './services.ts';

/** The source of a name in a list; undefined where there is none. */
export const sourceNamed = (
  sources: readonly SourceFound[],
  sourceName: string,
  sourceVersion?: string,
): SourceFound | undefined => {
  const named = sources.filter((source) => source.sourceName === sourceName);
  return named.find((source) => source.sourceVersion === sourceVersion) ?? named[0];
};

/** A source with its crawler, or with the crawler that an earlier source of the name has left. */
export async function stateOf(
  sourceName: string,
  source: SourceFound | undefined,
  caller: Caller,
  { glue }: Services,
): Promise<SourceState> {
  const { crawlerName } = glueNamesOf(source ?? predictedSource(sourceName, undefined, caller), caller);
  const crawler = await glue.crawler(crawlerName);
  return { ...(source !== undefined && { source }), ...(crawler !== undefined && { crawler }) };
}
