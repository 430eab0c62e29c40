/**
 * A mapping, compiled: for each event the entry that is meant for it, and for each entry a function from an event
 * to its OCSF record, as a row of the class's columns. Also the one column list of each class.
 */
import type { Column, OcsfRecord, OcsfValue } from '../ocsf/column.ts';
import { badColumn } from '../ocsf/column-names.ts';
import { newPlaces, recordReader } from '../ocsf/row.ts';
import type { Place, Places, Row } from '../ocsf/row.ts';
import { classByUid, OCSF_VERSIONS, ocsfSchema } from '../ocsf/schemas.ts';
import type { OcsfClass, OcsfSchema } from '../ocsf/schema.ts';
import { catalogue } from '../sysmon/catalogue.ts';
import { isAbsent } from '../sysmon/event.ts';
import type { Fields, SysmonEvent } from '../sysmon/event.ts';
import { eventUid } from '../sysmon/identity.ts';
import type { CompileContext, Leaf } from './compile-context.ts';
import { compileKeys } from './compile-object.ts';
import { fillTypeUid, metadataCompletion } from './completion.ts';
import { eventTime } from './event-time.ts';
import type { EntryFile, MappingFile } from './file.ts';
import type { Node } from './node.ts';
import { compileObservables, isNameList, OBSERVABLES_COLUMN, observablesReader } from './observables.ts';
import { isOfProcess, readPath } from './path.ts';
import { suggestion } from './problem.ts';
import type { Problem } from './problem.ts';
import { sourceTable } from './scope.ts';
import type { Scope } from './scope.ts';
import { textSource } from './text.ts';
import { unifyColumns } from './unify.ts';
import { compileUnmapped, sourceKeeper, unmappedOf } from './unmapped.ts';
import type { JoinOutcome } from './unmapped.ts';

export interface Join {
  readonly outcome: JoinOutcome;
  /** Fields of the EventID 1 event; absent on a miss. */
  readonly process?: Fields;
}

export interface FilledRow {
  readonly row: Row;
  /** Epoch milliseconds, also in `time`; undefined where the event has no time that can be read. */
  readonly timeMs: number | undefined;
  /** Attributes whose text did not fit their type, each as often as it happened. */
  readonly failed: readonly string[];
}

export interface MappedEvent extends Omit<FilledRow, 'row'> {
  readonly record: OcsfRecord;
}

export interface CompiledEntry {
  /** Value of the matched field. */
  readonly key: string;
  /** Folder of the lake; the name of the OCSF class. */
  readonly schema: string;
  readonly ocsfClass: OcsfClass;
  readonly ocsf: OcsfSchema;
  /** Whether the entry reads `$.Process`. */
  readonly joins: boolean;
  readonly leaves: readonly Leaf[];
  /** JSON pointer of the entry. */
  readonly pointer: string;
  readonly node: Node;
  readonly when: EntryFile['when'];
  readonly columns: readonly Column[];
  /** When the event happened, by which a batch is ordered. */
  readonly timeOf: (event: SysmonEvent) => number | undefined;
  /** A row of the class, filled from an event; `uid` is the event's {@link eventUid}. */
  readonly fill: (event: SysmonEvent, uid: string, join?: Join) => FilledRow;
  /** The record of an event: what `fill` puts into its row, as an object. */
  readonly map: (event: SysmonEvent, join?: Join) => MappedEvent;
}

/** All that lands in one folder of the lake. */
export interface ClassTable {
  readonly schema: string;
  readonly ocsfClass: OcsfClass;
  /** The union over all entries of the class, in the order of the mapping file. */
  readonly columns: readonly Column[];
  /** Length of the rows. */
  readonly slots: number;
}

export interface CompiledMapping {
  readonly sourceName: string;
  readonly entries: readonly CompiledEntry[];
  readonly tables: ReadonlyMap<string, ClassTable>;
  /** Names of the EventID 1 fields that any entry reads through `$.Process`. */
  readonly processFields: readonly string[];
  /** The entry for an event, or undefined where the mapping has none. */
  readonly find: (event: SysmonEvent) => CompiledEntry | undefined;
}

/** Compiles a mapping file; problems are added to the list. Undefined where one of them is an error. */
export function compileMapping(file: MappingFile, problems: Problem[]): CompiledMapping | undefined {
  const byKey = new Map<string, CompiledEntry[]>();
  const entries: CompiledEntry[] = [];
  const tables = new Map<string, ClassTable>();
  const placesOf = new Map<CompiledEntry, Places>();
  for (const one of file.entries) {
    const places = newPlaces();
    const entry = compileEntry(one, file, places, tables, problems);
    if (entry === undefined) continue;
    entries.push(entry);
    placesOf.set(entry, places);
    byKey.set(one.key, [...(byKey.get(one.key) ?? []), entry]);
    addToTable(tables, entry, problems);
  }
  // Only now are all columns of a class known, and with them the slots of its rows.
  for (const [entry, places] of placesOf) places.link(tables.get(entry.schema)?.columns ?? []);
  if (problems.some((problem) => problem.severity === 'error')) return undefined;
  const { matchedField } = file;
  return {
    sourceName: file.sourceName,
    entries,
    tables,
    processFields: processFields(entries),
    find: (event) => {
      const key = readPath(matchedField, event, undefined);
      const candidates = key === undefined ? undefined : byKey.get(key);
      return candidates?.find(({ when }) =>
        when.every(({ ref, values }) => {
          const text = readPath(ref, event, undefined);
          return values.includes(isAbsent(text) ? '' : text);
        }),
      );
    },
  };
}

function addToTable(tables: Map<string, ClassTable>, entry: CompiledEntry, problems: Problem[]): void {
  const { schema, ocsfClass, pointer } = entry;
  const known = tables.get(schema);
  const fail = (message: string): unknown => problems.push({ severity: 'error', pointer, message });
  if (known !== undefined && known.ocsfClass.uid !== ocsfClass.uid) {
    fail(`schema ${schema} holds class ${known.ocsfClass.uid} already; an object of the lake has one class`);
    return;
  }
  const columns = unifyColumns(known?.columns ?? [], entry.columns);
  const bad = typeof columns === 'string' ? undefined : badColumn(columns);
  if (bad !== undefined) {
    fail(`gives ${schema} the column ${JSON.stringify(bad.column)}: ${bad.problem}`);
    return;
  }
  if (typeof columns === 'string')
    fail(`types column ${columns} of ${schema} otherwise than an entry before it`);
  else tables.set(schema, { schema, ocsfClass, columns, slots: newPlaces().link(columns) });
}

/** In the order of the catalogue; a path that is searched rather than named may read any of them. */
function processFields(entries: readonly CompiledEntry[]): string[] {
  const reads = entries.flatMap((entry) => entry.leaves.flatMap((leaf) => leaf.reads)).filter(isOfProcess);
  const names = new Set(reads.flatMap((ref) => (ref.kind === 'Process' ? [ref.name] : [])));
  const searched = reads.some(({ kind }) => kind === 'jsonpath');
  const all = (catalogue.get(1)?.fields ?? []).map((field) => field.name);
  return [...all.filter((name) => searched || names.has(name)), ...names.difference(new Set(all))];
}

function compileEntry(
  file: EntryFile,
  mapping: MappingFile,
  places: Places,
  tables: ReadonlyMap<string, ClassTable>,
  problems: Problem[],
): CompiledEntry | undefined {
  const fail = (pointer: string, message: string): undefined => {
    problems.push({ severity: 'error', pointer, message });
    return undefined;
  };
  const { node, schema: schemaName } = file;
  if (node.kind !== 'object') {
    fail(node.pointer, 'schema_mapping is an object');
    return;
  }
  const version = literalAt(node, ['metadata', 'version']);
  const ocsf = ocsfSchema(String(version?.value ?? '').replace(/^v/, ''));
  if (ocsf === undefined) {
    const at = version?.pointer ?? `${node.pointer}/metadata/version`;
    fail(at, `metadata.version names the OCSF version: ${OCSF_VERSIONS.join(' or ')}`);
    return;
  }
  const uid = literalAt(node, ['class_uid']);
  const ocsfClass = uid === undefined ? namedClass(ocsf, schemaName) : classByUid(ocsf, Number(uid.value));
  if (ocsfClass === undefined) {
    if (uid === undefined)
      fail(
        `${file.pointer}/schema`,
        `OCSF ${ocsf.version} has no class ${schemaName}${suggestion(schemaName, Object.keys(ocsf.classes))}`,
      );
    else
      fail(
        uid.pointer,
        `class ${uid.value} is not among the classes that Sysmon events can have at OCSF ${ocsf.version}`,
      );
    return;
  }

  const sources = sourceTable();
  const leaves: Leaf[] = [];
  const constants = new Map<Place, OcsfValue>();
  const problem = (pointer: string, message: string): void => fail(pointer, message);
  const context: CompileContext = {
    schema: ocsf,
    places,
    sources,
    constants,
    parseTime: mapping.timestamp.parse,
    text: (inner) => textSource(inner, { schema: ocsf, sources, problem }),
    leaves,
    problems,
  };
  const keys = new Map(node.keys);
  const take = (name: string): Node | undefined => {
    const child = keys.get(name);
    keys.delete(name);
    return child;
  };
  const literal = (name: string, value: number): void => {
    if (!keys.has(name)) keys.set(name, { kind: 'literal', value, pointer: node.pointer });
  };
  const pieces = compileUnmapped(take('unmapped'), context);
  const observablesNode = keys.get('observables');
  const observables = isNameList(observablesNode)
    ? compileObservables(observablesNode, ocsfClass, context)
    : undefined;
  if (observables) keys.delete('observables');
  literal('class_uid', ocsfClass.uid);
  literal('category_uid', ocsfClass.categoryUid);
  const time = eventTime(take('time'), mapping, context);
  const typeUid = keys.has('type_uid') ? undefined : fillTypeUid(ocsfClass, keys.has('type_name'), places);
  const { fills, columns } = compileKeys({ ...node, keys }, ocsfClass, '', context);
  const metadata = metadataCompletion(ocsfClass, ocsf, places);
  const completed: Column[] = [
    { name: 'time', type: { kind: 'bigint' } },
    { name: 'metadata', type: { kind: 'struct', fields: metadata.columns } },
    ...(typeUid
      ? [
          { name: 'type_uid', type: { kind: 'bigint' } } as const,
          { name: 'type_name', type: { kind: 'string' } } as const,
        ]
      : []),
    ...(observables ? [OBSERVABLES_COLUMN] : []),
    { name: 'unmapped', type: { kind: 'map' } },
  ];
  const allColumns = unifyColumns(columns, completed);
  if (typeof allColumns === 'string') {
    fail(node.pointer, `maps ${allColumns} to what it cannot be`);
    return;
  }
  const keeps = sourceKeeper(sources);

  const readObservables = observables && observablesReader(observables, allColumns, places);
  const at = {
    time: places.at('time'),
    observables: places.at('observables'),
    unmapped: places.at('unmapped'),
  };
  const newScope = (event: SysmonEvent): Scope => ({
    event,
    process: undefined,
    kept: [],
    failed: [],
    timeSource: undefined,
    source: -1,
  });

  /** What every row begins with; made when the slots are known. */
  let template: Row | undefined;
  const newRow = (): Row => {
    if (template === undefined) {
      template = Array<undefined>(tables.get(schemaName)?.slots ?? 0).fill(undefined);
      for (const [{ start }, value] of constants) template[start] = value;
    }
    return template.slice();
  };
  const fill: CompiledEntry['fill'] = (event, uid, join) => {
    const row = newRow();
    const scope = newScope(event);
    // Before the process is there: it decides the object of an event, whatever the join finds at this try.
    const timeMs = time(scope);
    scope.process = join?.process;
    row[at.time.start] = timeMs;
    for (const put of fills) put(row, scope);
    typeUid?.(row, scope);
    metadata.complete(row, uid);
    const found = readObservables?.(row);
    if (found !== undefined && found.length > 0) row[at.observables.start] = found;
    row[at.unmapped.start] = unmappedOf(scope, pieces, keeps, join?.outcome);
    return { row, timeMs, failed: scope.failed };
  };
  let read: ReturnType<typeof recordReader> | undefined;
  const map: CompiledEntry['map'] = (event, join) => {
    const { row, ...filled } = fill(event, eventUid(event), join);
    // For people: time first.
    read ??= recordReader(
      allColumns.toSorted((a, b) => +(b.name === 'time') - +(a.name === 'time')),
      places,
    );
    return { record: read(row) ?? {}, ...filled };
  };
  const joins = leaves.some((leaf) => leaf.reads.some(isOfProcess));
  return {
    key: file.key,
    schema: schemaName,
    ocsfClass,
    ocsf,
    joins,
    leaves,
    pointer: file.pointer,
    node,
    when: file.when,
    columns: allColumns,
    timeOf: (event) => time(newScope(event)),
    fill,
    map,
  };
}

/** A name may be any text; hasOwn keeps `constructor` from finding what every object inherits. */
const namedClass = (ocsf: OcsfSchema, name: string): OcsfClass | undefined =>
  Object.hasOwn(ocsf.classes, name) ? ocsf.classes[name] : undefined;

function literalOrNode(node: Node, path: readonly string[]): Node | undefined {
  let at: Node | undefined = node;
  for (const key of path) at = at?.kind === 'object' ? at.keys.get(key) : undefined;
  return at;
}

function literalAt(node: Node, path: readonly string[]): Extract<Node, { kind: 'literal' }> | undefined {
  const at = literalOrNode(node, path);
  return at?.kind === 'literal' ? at : undefined;
}
