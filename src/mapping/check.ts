/**
 * What Sysmon and OCSF say against a mapping. Beside what the compiler finds, each entry is tried on two made-up
 * events, one with every field and one with the fewest, and its records are validated.
 */
import { attributeAt } from '../ocsf/attributes.ts';
import type { Finding } from '../ocsf/finding.ts';
import { validateRecord } from '../ocsf/validate.ts';
import { catalogue } from '../sysmon/catalogue.ts';
import type { Fields, SysmonEvent } from '../sysmon/event.ts';
import { sampleEvent } from '../sysmon/sample.ts';
import type { CompiledEntry, CompiledMapping } from './compile.ts';
import { isNameList } from './observables.ts';
import type { Node } from './node.ts';
import { compileMappingText } from './load.ts';
import { suggestion } from './problem.ts';
import type { Problem } from './problem.ts';

/** Every problem of a mapping file, errors first, each told once. */
export function checkMapping(text: string): Problem[] {
  const { mapping, problems } = compileMappingText(text);
  if (mapping !== undefined) {
    problems.push(...unknownFields(mapping));
    for (const entry of mapping.entries) problems.push(...checkEntry(entry, mapping));
  }
  const unique = new Map(problems.map((problem) => [`${problem.pointer}\0${problem.message}`, problem]));
  const all = [...unique.values()];
  return [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ];
}

/**
 * Paths of fields that Sysmon does not have. A path of a template serves every event that has the field; it is
 * told only where no event that uses it there has.
 */
function unknownFields({ entries }: CompiledMapping): Problem[] {
  const unknown = new Map<string, Problem>();
  const found = new Set<string>();
  for (const { key, leaves, when } of entries) {
    const read = leaves.flatMap(({ reads, pointer }) => reads.map((ref) => ({ ref, pointer })));
    for (const { ref, pointer } of [...read, ...when]) {
      if (ref.kind !== 'Description' && ref.kind !== 'Process') continue;
      const { name } = ref;
      const eventId = ref.kind === 'Process' ? 1 : Number(key);
      const kind = catalogue.get(eventId);
      if (kind === undefined) continue;
      const names = [...kind.fields.map((field) => field.name), ...kind.removedFields];
      const at = `${pointer}\0${ref.kind}\0${name}`;
      const message = `event ${eventId} has no field ${name}${suggestion(name, names)}`;
      if (names.includes(name)) found.add(at);
      else unknown.set(at, { severity: 'warning', pointer, message });
    }
  }
  return [...unknown].filter(([at]) => !found.has(at)).map(([, problem]) => problem);
}

function checkEntry(entry: CompiledEntry, mapping: CompiledMapping): Problem[] {
  const problems: Problem[] = [];
  const warn = (pointer: string, message: string): unknown =>
    problems.push({ severity: 'warning', pointer, message });
  const eventId = Number(entry.key);
  const kind = catalogue.get(eventId);
  if (kind === undefined) {
    warn(entry.pointer, `Sysmon has no event ${entry.key} that this project knows`);
    return problems;
  }
  const process = sampleEvent(1, 'full')?.Description;
  const observables = entry.node.kind === 'object' ? entry.node.keys.get('observables') : undefined;
  if (isNameList(observables)) {
    for (const item of observables.items) {
      const name = item.kind === 'literal' ? String(item.value) : '';
      if (!isAttributeOfAny(mapping, name))
        warn(item.pointer, `no class of this mapping has an attribute ${name}`);
    }
  }
  const told = new Set<string>();
  for (const extent of ['full', 'least'] as const) {
    const sample = sampleEvent(eventId, extent);
    if (sample === undefined) continue;
    const event = satisfy(entry, sample, mapping);
    for (const { code, path, message } of findings(entry, event, extent === 'full' ? process : undefined)) {
      if (told.has(`${code} ${path}`)) continue;
      told.add(`${code} ${path}`);
      const where = extent === 'least' ? ', in an event with the fewest fields' : '';
      warn(
        pointerAt(entry, path),
        `OCSF ${entry.ocsf.version}: ${code} at ${path || 'the record'}${where}: ${message}`,
      );
    }
  }
  return problems;
}

/** The attribute's names on the way to it, without the places in lists. */
const namesOf = (path: string): string[] => path.replaceAll(/\[\d+\]/g, '').split('.');

/** What OCSF says of the record of an event; what the compiler has said of the same place is not repeated. */
function findings(entry: CompiledEntry, event: SysmonEvent, process: Fields | undefined): Finding[] {
  const join =
    process === undefined ? ({ outcome: 'miss' } as const) : ({ outcome: 'hit', process } as const);
  const { record } = entry.map(event, entry.joins ? join : undefined);
  const { errors, warnings } = validateRecord(entry.ocsf, record);
  return [...errors, ...warnings].flatMap((finding) => {
    if (finding.code === 'attribute_wrong_type') return [];
    if (finding.code !== 'attribute_unknown') return [finding];
    // The compiler knows the attributes of all profiles, whichever of them the record names.
    const profiles = attributeAt(entry.ocsf, entry.ocsfClass, namesOf(finding.path))?.profiles;
    if (profiles === undefined) return [];
    return [{ ...finding, message: `metadata.profiles has to name ${profiles.join(' or ')}` }];
  });
}

/** The sample as the entry's `when` wants it. */
function satisfy(entry: CompiledEntry, sample: SysmonEvent, mapping: CompiledMapping): SysmonEvent {
  if (mapping.find(sample) === entry) return sample;
  const Description: Fields = Object.assign(Object.create(null) as Fields, sample.Description); // true: filled at once
  for (const { ref, values } of entry.when) {
    if (ref.kind === 'Description') Description[ref.name] = values[0] ?? '';
  }
  return { ...sample, Description };
}

function isAttributeOfAny(mapping: CompiledMapping, name: string): boolean {
  return mapping.entries.some(
    ({ ocsf, ocsfClass }) => attributeAt(ocsf, ocsfClass, name.split('.')) !== undefined,
  );
}

/** Where in the file the attribute at this path of a record is made: as near as the file says. */
function pointerAt(entry: CompiledEntry, path: string): string {
  let node: Node = entry.node;
  for (const key of namesOf(path)) {
    const next = node.kind === 'object' ? node.keys.get(key) : undefined;
    if (next === undefined) break;
    node = next;
  }
  return node.pointer;
}
