/** What depends on the version of Sysmon or of OCSF. */
import type { CompiledEntry } from '../../src/mapping/compile.ts';
import { attributeAt } from '../../src/ocsf/attributes.ts';
import type { OcsfVersion } from '../../src/ocsf/schema.ts';
import { OCSF_VERSIONS, ocsfSchema } from '../../src/ocsf/schemas.ts';
import type { EventKind } from '../../src/sysmon/catalogue.ts';
import { code, listed, numbers, table } from './markdown.ts';
import { childrenOf } from './rows.ts';
import type { Node } from '../../src/mapping/node.ts';

/** For each schema version of Sysmon the fields that it added to events that were there before. */
export function addedFields(kinds: readonly EventKind[]): string {
  const added = new Map<string, Map<string, number[]>>();
  for (const { id, fields } of kinds) {
    const first = Math.min(...fields.map(({ since }) => Number(since)));
    for (const { name, since } of fields) {
      if (Number(since) === first) continue;
      const names = added.get(since) ?? new Map<string, number[]>();
      added.set(since, names.set(name, [...(names.get(name) ?? []), id]));
    }
  }
  const rows = [...added]
    .sort(([a], [b]) => Number(b) - Number(a))
    .map(([since, names]) => {
      const byEvents = Map.groupBy(names, ([, ids]) => numbers(ids));
      const texts = Array.from(
        byEvents,
        ([ids, same]) => `${same.map(([name]) => code(name)).join(', ')} in ${ids}`,
      );
      return [since, texts.join('; ')];
    });
  return table(['Schema', 'Fields that it added to older events'], rows);
}

/**
 * How the attributes that the mappings name differ between the OCSF versions: those that only one of them has, and
 * those that it demands more or less of. Blocks of Markdown.
 */
export function ocsfDifferences(entries: readonly CompiledEntry[]): string[] {
  const lines = { lacks: new Map<string, Set<number>>(), demands: new Map<string, Set<number>>() };
  for (const entry of entries) {
    for (const attribute of attributesNamed(entry.node)) {
      const requirements = OCSF_VERSIONS.map((version) => requirementIn(version, entry, attribute));
      if (new Set(requirements).size < 2) continue;
      const texts = requirements.map(
        (requirement, i) => `${requirement ?? 'not'} in ${OCSF_VERSIONS[i] ?? ''}`,
      );
      const found = requirements.includes(undefined) ? lines.lacks : lines.demands;
      const text = `${code(attribute)}: ${listed(texts, 'but')}`;
      found.set(text, (found.get(text) ?? new Set()).add(Number(entry.key)));
    }
  }
  const list = (found: ReadonlyMap<string, ReadonlySet<number>>): string =>
    Array.from(found, ([text, ids]) => `- ${text} (EventID ${numbers([...ids])})`).join('\n');
  return [
    'Of the attributes that the mappings name, only one version has:',
    list(lines.lacks),
    'Both have these, with other requirements:',
    list(lines.demands),
  ];
}

function requirementIn(version: OcsfVersion, entry: CompiledEntry, attribute: string): string | undefined {
  const schema = ocsfSchema(version);
  const item = schema?.classes[entry.ocsfClass.name];
  return item && attributeAt(schema, item, attribute.split('.'))?.requirement;
}

/** Every attribute that a mapping states, known to its OCSF version or not. */
function attributesNamed(root: Node): string[] {
  const visit = (node: Node, path: string): string[] => {
    if (node.kind !== 'object') return childrenOf(node).flatMap((child) => visit(child, path));
    return Array.from(node.keys, ([key, child]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return key === 'unmapped' && path === '' ? [] : [at, ...visit(child, at)];
    }).flat();
  };
  return visit(root, '');
}
