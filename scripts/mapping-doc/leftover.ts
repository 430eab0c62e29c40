/** What an event leaves in `unmapped`, found by mapping made-up events and looking. */
import type { CompiledEntry, CompiledMapping } from '../../src/mapping/compile.ts';
import type { Node } from '../../src/mapping/node.ts';
import { newFields } from '../../src/sysmon/event.ts';
import type { SysmonEvent } from '../../src/sysmon/event.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';
import { code, listed } from './markdown.ts';
import { childrenOf } from './rows.ts';

/** Stands for every value that an enum does not name. */
const ANY_OTHER = 'some other text';

export interface Leftover {
  readonly name: string;
  /** When it is left over, in words; undefined where it always is. */
  readonly when: string | undefined;
}

/**
 * The names in `unmapped` of an event that has every field: always there, or there for some values of a field that
 * an enum looks at. A joining entry is given a process that has every field that the mapping stores.
 */
export function leftoversOf(entry: CompiledEntry, mapping: CompiledMapping): Leftover[] {
  const base = baseEvent(entry, mapping);
  const always = namesIn(base, entry, mapping);
  const told = new Map<string, string>();
  for (const [field, values] of enumFields(entry.node)) {
    const tried = [...values, ANY_OTHER].filter(
      (value) => mapping.find(withField(base, field, value)) === entry,
    );
    const left = tried.filter((value) => namesIn(withField(base, field, value), entry, mapping).has(field));
    always.delete(field);
    if (left.length === tried.length) always.add(field);
    else if (left.length > 0) told.set(field, condition(tried, left));
  }
  return [
    ...Array.from(always, (name) => ({ name, when: undefined })),
    ...Array.from(told, ([name, when]) => ({ name, when })),
  ];
}

function condition(tried: readonly string[], left: readonly string[]): string {
  if (!left.includes(ANY_OTHER)) return `where it is ${listed(left.map(code), 'or')}`;
  const kept = tried.filter((value) => !left.includes(value));
  return `where it is not ${listed(kept.map(code), 'or')}`;
}

function baseEvent(entry: CompiledEntry, mapping: CompiledMapping): SysmonEvent {
  let event = sampleEvent(Number(entry.key), 'full');
  if (event === undefined) throw new TypeError(`no sample for EventID ${entry.key}`);
  for (const { ref, values } of entry.when) {
    if (ref.kind === 'Description' && mapping.find(event) !== entry) {
      event = withField(event, ref.name, values[0] ?? '');
    }
  }
  if (mapping.find(event) !== entry) throw new TypeError(`no sample is meant for ${entry.pointer}`);
  return event;
}

const withField = (event: SysmonEvent, name: string, value: string): SysmonEvent => ({
  ...event,
  Description: Object.assign(newFields(), event.Description, { [name]: value }),
});

function namesIn(event: SysmonEvent, entry: CompiledEntry, mapping: CompiledMapping): Set<string> {
  const { unmapped } = entry.map(event, entry.joins ? join(mapping) : undefined).record;
  const names = typeof unmapped === 'object' ? Object.keys(unmapped) : [];
  return new Set(names.filter((name) => name !== 'join'));
}

function join({ processFields }: CompiledMapping): { outcome: 'hit'; process: Record<string, string> } {
  const process = newFields();
  const { Description = newFields() } = sampleEvent(1, 'full') ?? {};
  for (const name of processFields) process[name] = Description[name] ?? '';
  return { outcome: 'hit', process };
}

/** The fields of the event that enums look at, with the values that they name. */
function enumFields(root: Node): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (node: Node): void => {
    if (node.kind === 'enum') {
      const { evaluate, values } = node;
      const field = evaluate.kind === 'convert' ? evaluate.evaluate : evaluate;
      if (field.kind === 'path' && field.ref.kind === 'Description') {
        // The values of a converter are not those of its field.
        const named = field === evaluate ? [...values.keys()].filter((key) => key !== '') : [];
        found.set(field.ref.name, (found.get(field.ref.name) ?? new Set()).union(new Set(named)));
      }
    }
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return found;
}
