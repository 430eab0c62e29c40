/** The attributes that become observables, by the type that OCSF gives each. */
import type { CompiledEntry } from '../../src/mapping/compile.ts';
import { isNameList } from '../../src/mapping/observables.ts';
import { attributeAt } from '../../src/ocsf/attributes.ts';
import { code, table } from './markdown.ts';
import { nodeAt } from './rows.ts';

/** A table of observable types; attributes that no class of the mappings has are left out. */
export function observableTypes(entries: readonly CompiledEntry[]): string {
  const types = new Map<string, Set<string>>();
  for (const entry of entries) {
    const { ocsf, ocsfClass } = entry;
    const node = nodeAt(entry, 'observables');
    if (!isNameList(node)) continue;
    for (const item of node.items) {
      const name = item.kind === 'literal' ? String(item.value) : '';
      const attribute = attributeAt(ocsf, ocsfClass, name.split('.'));
      const id = attribute?.observable ?? ocsf.types[attribute?.type ?? '']?.observable;
      if (id === undefined) continue;
      const caption = ocsf.objects.observable?.attributes.type_id?.enum?.[String(id)] ?? '';
      const type = `${code(String(id))} ${caption}`;
      types.set(type, (types.get(type) ?? new Set()).add(name));
    }
  }
  return table(
    ['Observable type', 'Attributes'],
    [...types].map(([type, names]) => [type, [...names].map(code).join(', ')]),
  );
}
