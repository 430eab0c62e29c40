/**
 * The catalogue: the 30 kinds of event that Sysmon writes (schema 4.90; 4.91 has the same events), each with its
 * title, its fields in the order of its message, and what its older versions did otherwise. Facts from Sysmon's own
 * schemas, 2.0 to 4.90. An event's Version does not change when fields are added, so fields are told by name.
 */

/** `uint` and `hex` are unsigned numbers, written in decimal and as 0x…; `text` is everything else. */
export type FieldType = 'text' | 'guid' | 'uint' | 'hex' | 'bool';

export interface EventField {
  readonly name: string;
  readonly type: FieldType;
  /** The first schema version that has it. Schema versions are decimal numbers: 3.10 < 3.2 < 4.21 < 4.3. */
  readonly since: string;
}

export interface EventKind {
  /** The EventID. */
  readonly id: number;
  /** The name that filter rules give the event; several registry, pipe and WMI events share one. */
  readonly name: string;
  /** First lines of its message: the current one, then older ones. */
  readonly titles: readonly [string, ...string[]];
  /** In the order of the current message. */
  readonly fields: readonly EventField[];
  /** Fields that schema 3.10 took away; they stood in front of all others. */
  readonly removedFields: readonly string[];
  /** Versions whose fields stood in another order than `fields` has them. */
  readonly olderOrders: readonly { readonly schema: string; readonly names: readonly string[] }[];
}

type Older = Partial<Pick<EventKind, 'removedFields' | 'olderOrders'>>;

/** The schema version that took SequenceNumber away. */
const REMOVED_AT = 3.1;

const FIELD_TYPES: readonly FieldType[] = ['text', 'guid', 'uint', 'hex', 'bool'];

/** `Name`, `Name:type`, `Name@since` or `Name:type@since`; plain is text, and as old as the event. */
const readField = (written: string, eventSince: string): EventField => {
  const [spec = '', since = eventSince] = written.split('@');
  const [name = '', typeName = 'text'] = spec.split(':');
  const type = FIELD_TYPES.find((known) => known === typeName);
  if (type === undefined) throw new TypeError(`no field type: ${written}`);
  return { name, type, since };
};

const words = (text: string): string[] => text.trim().split(/\s+/);

const kind = (
  id: number,
  name: string,
  titles: EventKind['titles'],
  since: string,
  fields: string,
  older: Older = {},
): EventKind => ({
  id,
  name,
  titles,
  fields: words(fields).map((written) => readField(written, since)),
  removedFields: older.removedFields ?? [],
  olderOrders: older.olderOrders ?? [],
});

const numbered = { removedFields: ['SequenceNumber'] };
const order32 = (names: string): Older => ({ olderOrders: [{ schema: '3.2', names: words(names) }] });

// Two groups that begin most messages. Events 10 (GUID, not Guid) and 8 name two processes instead.
const PROCESS = 'RuleName@4.1 UtcTime ProcessGuid:guid ProcessId:uint Image';
const DELETED_FILE = `RuleName UtcTime ProcessGuid:guid ProcessId:uint User Image TargetFilename Hashes`;
const REGISTRY = 'RuleName@4.1 EventType UtcTime ProcessGuid:guid ProcessId:uint Image TargetObject';
const REGISTRY_32 = 'UtcTime ProcessGuid ProcessId Image EventType TargetObject';
const PIPE = 'RuleName@4.1 EventType@4.21 UtcTime ProcessGuid:guid ProcessId:uint PipeName Image User@4.80';
const WMI = 'RuleName@4.1 EventType UtcTime Operation User';
const LATER = 'RuleName UtcTime ProcessGuid:guid ProcessId:uint';

// Events 4, 16 and 255 cannot be filtered, so they have no rule name; theirs are made from the manifest's symbols.
const kinds: readonly EventKind[] = [
  kind(
    1,
    'ProcessCreate',
    ['Process Create:'],
    '2.0',
    `${PROCESS} FileVersion@4.0 Description@4.0 Product@4.0 Company@4.0 OriginalFileName@4.21 CommandLine
     CurrentDirectory User LogonGuid:guid LogonId:hex TerminalSessionId:uint IntegrityLevel Hashes
     ParentProcessGuid:guid ParentProcessId:uint ParentImage ParentCommandLine ParentUser@4.80`,
    numbered,
  ),
  kind(
    2,
    'FileCreateTime',
    ['File creation time changed:'],
    '2.0',
    `${PROCESS} TargetFilename CreationUtcTime PreviousCreationUtcTime User@4.80`,
    numbered,
  ),
  kind(
    3,
    'NetworkConnect',
    ['Network connection detected:'],
    '2.0',
    `${PROCESS} User Protocol Initiated:bool SourceIsIpv6:bool SourceIp SourceHostname SourcePort:uint SourcePortName
     DestinationIsIpv6:bool DestinationIp DestinationHostname DestinationPort:uint DestinationPortName`,
    numbered,
  ),
  kind(
    4,
    'ServiceStateChange',
    ['Sysmon service state changed:'],
    '2.0',
    'UtcTime@3.10 State Version@3.2 SchemaVersion@3.2',
    numbered,
  ),
  kind(5, 'ProcessTerminate', ['Process terminated:'], '2.0', `${PROCESS} User@4.80`, numbered),
  kind(
    6,
    'DriverLoad',
    ['Driver loaded:'],
    '2.0',
    'RuleName@4.1 UtcTime ImageLoaded Hashes Signed Signature SignatureStatus@3.2',
    { ...numbered, ...order32('UtcTime ImageLoaded Hashes Signed SignatureStatus Signature') },
  ),
  kind(
    7,
    'ImageLoad',
    ['Image loaded:'],
    '2.0',
    `${PROCESS} ImageLoaded FileVersion@4.0 Description@4.0 Product@4.0 Company@4.0 OriginalFileName@4.21
     Hashes Signed Signature SignatureStatus@3.2 User@4.80`,
    {
      ...numbered,
      ...order32('UtcTime ProcessGuid ProcessId Image ImageLoaded Hashes Signed SignatureStatus Signature'),
    },
  ),
  kind(
    8,
    'CreateRemoteThread',
    ['CreateRemoteThread detected:'],
    '2.0',
    `RuleName@4.1 UtcTime SourceProcessGuid:guid SourceProcessId:uint SourceImage
     TargetProcessGuid:guid TargetProcessId:uint TargetImage NewThreadId:uint
     StartAddress@3.10 StartModule@3.10 StartFunction@3.10 SourceUser@4.80 TargetUser@4.80`,
    numbered,
  ),
  kind(9, 'RawAccessRead', ['RawAccessRead detected:'], '3.10', `${PROCESS} Device User@4.80`),
  kind(
    10,
    'ProcessAccess',
    ['Process accessed:'],
    '3.10',
    `RuleName@4.1 UtcTime SourceProcessGUID:guid SourceProcessId:uint SourceThreadId:uint SourceImage
     TargetProcessGUID:guid TargetProcessId:uint TargetImage GrantedAccess:hex CallTrace
     SourceUser@4.80 TargetUser@4.80`,
  ),
  kind(11, 'FileCreate', ['File created:'], '3.2', `${PROCESS} TargetFilename CreationUtcTime User@4.80`),
  kind(
    12,
    'RegistryEvent',
    ['Registry object added or deleted:'],
    '3.2',
    `${REGISTRY} User@4.80`,
    order32(REGISTRY_32),
  ),
  kind(
    13,
    'RegistryEvent',
    ['Registry value set:'],
    '3.2',
    `${REGISTRY} Details User@4.80`,
    order32(`${REGISTRY_32} Details`),
  ),
  kind(
    14,
    'RegistryEvent',
    ['Registry object renamed:'],
    '3.2',
    `${REGISTRY} NewName User@4.80`,
    order32(`${REGISTRY_32} NewName`),
  ),
  kind(
    15,
    'FileCreateStreamHash',
    ['File stream created:'],
    '3.2',
    `${PROCESS} TargetFilename CreationUtcTime Hash Contents@4.31 User@4.80`,
  ),
  kind(
    16,
    'ServiceConfigurationChange',
    ['Sysmon config state changed:'],
    '3.2',
    'UtcTime Configuration ConfigurationFileHash',
  ),
  kind(17, 'PipeEvent', ['Pipe Created:'], '3.3', PIPE),
  kind(18, 'PipeEvent', ['Pipe Connected:'], '3.3', PIPE),
  kind(19, 'WmiEvent', ['WmiEventFilter activity detected:'], '3.4', `${WMI} EventNamespace Name Query`),
  kind(20, 'WmiEvent', ['WmiEventConsumer activity detected:'], '3.4', `${WMI} Name Type Destination`),
  kind(21, 'WmiEvent', ['WmiEventConsumerToFilter activity detected:'], '3.4', `${WMI} Consumer Filter`),
  kind(22, 'DnsQuery', ['Dns query:'], '4.21', `${LATER} QueryName QueryStatus QueryResults Image User@4.80`),
  kind(
    23,
    'FileDelete',
    ['File Delete archived:', 'File Delete:'],
    '4.30',
    `${DELETED_FILE} IsExecutable:bool Archived`,
  ),
  kind(
    24,
    'ClipboardChange',
    ['Clipboard changed:'],
    '4.40',
    `${LATER} Image Session:uint ClientInfo Hashes Archived User@4.80`,
  ),
  kind(25, 'ProcessTampering', ['Process Tampering:'], '4.50', `${LATER} Image Type User@4.80`),
  kind(26, 'FileDeleteDetected', ['File Delete logged:'], '4.60', `${DELETED_FILE} IsExecutable:bool`),
  kind(27, 'FileBlockExecutable', ['File Block Executable:'], '4.82', DELETED_FILE),
  kind(28, 'FileBlockShredding', ['File Block Shredding:'], '4.83', `${DELETED_FILE} IsExecutable:bool`),
  kind(29, 'FileExecutableDetected', ['File Executable Detected:'], '4.90', DELETED_FILE),
  kind(255, 'Error', ['Error report:'], '2.0', 'UtcTime@3.10 ID Description'),
];

/** The kinds by EventID, in ascending order. */
export const catalogue: ReadonlyMap<number, EventKind> = new Map(kinds.map((entry) => [entry.id, entry]));

const kindsByTitle: ReadonlyMap<string, EventKind> = new Map(
  kinds.flatMap((entry) => entry.titles.map((title) => [title, entry])),
);

/** The kind whose message begins with this line, current or older; undefined where the line is no title. */
export const kindOfTitle = (line: string): EventKind | undefined => kindsByTitle.get(line);

const typesByName: ReadonlyMap<string, FieldType> = new Map(
  kinds.flatMap((entry) => entry.fields.map(({ name, type }) => [name, type])),
);

/** The type of a field; a name has the same one in every event. Names that Sysmon does not know are text. */
export const fieldType = (name: string): FieldType => typesByName.get(name) ?? 'text';

/**
 * The field lists that a kind has had, the current one first, then back in time; each list is there once.
 * @returns names in the order of the message and of the event's values.
 */
export const fieldLists = (entry: EventKind): readonly (readonly string[])[] => {
  const { fields, olderOrders, removedFields } = entry;
  const schemas = fields.map(({ since }) => Number(since));
  if (removedFields.length > 0) schemas.push(REMOVED_AT);
  // What 3.2 ordered otherwise, 3.3 put back.
  if (olderOrders.length > 0) schemas.push(3.2, 3.3);
  const newestFirst = [...new Set(schemas)].sort((a, b) => b - a);
  const lists = newestFirst.map((schema) => {
    const reordered = olderOrders.find((older) => Number(older.schema) === schema);
    if (reordered !== undefined) return reordered.names;
    const names = fields.filter(({ since }) => Number(since) <= schema).map(({ name }) => name);
    return schema < REMOVED_AT ? [...removedFields, ...names] : names;
  });
  return [...new Map(lists.map((names) => [names.join(), names])).values()];
};
