/**
 * How the version that a record names (metadata.version) relates to the version it is read with.
 */

/** Semantic versioning's three numbers and an optional pre-release tag. */
const SEMANTIC_VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z.-]+)?(?=\n?$)/u;

export type VersionRelation = 'same' | 'earlier' | 'later' | 'malformed';

/**
 * A version that differs only after the three numbers counts as later: a record of 1.1.0-dev may hold what 1.1.0
 * does not know.
 */
export function relationOfVersion(version: string, to: string): VersionRelation {
  const numbers = SEMANTIC_VERSION.exec(version);
  if (!numbers) return 'malformed';
  if (version === to) return 'same';
  const ours = to.split('.').map(Number);
  const theirs = numbers.slice(1).map(Number);
  const differing = theirs.findIndex((number, index) => number !== ours[index]);
  return (theirs[differing] ?? 0) < (ours[differing] ?? 0) ? 'earlier' : 'later';
}
