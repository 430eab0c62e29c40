/**
 * What Winlogbeat's sysmon module did to an event, undone.
 *
 * The module moves fields out of `winlog.event_data` to their places in the Elastic Common Schema and drops the
 * empty ones. Most moves keep the value; some rewrite it. Facts from the module's ingest pipeline (elastic/beats,
 * x-pack/winlogbeat/module/sysmon/ingest/sysmon.yml) and from its script before 8.0.
 */
import { catalogue } from '../sysmon/catalogue.ts';
import type { Fields } from '../sysmon/event.ts';
import { textOf } from './json.ts';
import type { Leaves } from './json.ts';
import { queryResults, queryStatus } from './winlogbeat-dns.ts';

/** Sysmon field to the paths that it can have been moved to, unchanged. */
const MOVED: Readonly<Record<string, readonly string[]>> = {
  RuleName: ['rule.name'],
  ProcessGuid: ['process.entity_id'],
  SourceProcessGuid: ['process.entity_id'],
  SourceProcessGUID: ['process.entity_id'],
  ProcessId: ['process.pid'],
  SourceProcessId: ['process.pid'],
  SourceThreadId: ['process.thread.id'],
  Image: ['process.executable'],
  SourceImage: ['process.executable'],
  Destination: ['process.executable'],
  CommandLine: ['process.command_line'],
  CurrentDirectory: ['process.working_directory'],
  ParentProcessGuid: ['process.parent.entity_id'],
  ParentProcessId: ['process.parent.pid'],
  ParentImage: ['process.parent.executable'],
  ParentCommandLine: ['process.parent.command_line'],
  OriginalFileName: ['process.pe.original_file_name', 'file.pe.original_file_name'],
  Company: ['process.pe.company', 'file.pe.company'],
  Description: ['process.pe.description', 'file.pe.description'],
  FileVersion: ['process.pe.file_version', 'file.pe.file_version'],
  Product: ['process.pe.product', 'file.pe.product'],
  TargetFilename: ['file.path'],
  Device: ['file.path'],
  ImageLoaded: ['file.path'],
  PipeName: ['file.name'],
  Signature: ['file.code_signature.subject_name'],
  SignatureStatus: ['file.code_signature.status'],
  Protocol: ['network.transport'],
  SourceIp: ['source.ip'],
  SourceHostname: ['source.domain'],
  SourcePort: ['source.port'],
  DestinationIp: ['destination.ip'],
  DestinationHostname: ['destination.domain'],
  DestinationPort: ['destination.port'],
  QueryName: ['dns.question.name'],
  TargetObject: ['registry.path'],
  ID: ['error.code'],
  Archived: ['sysmon.file.archived'],
  IsExecutable: ['sysmon.file.is_executable'],
};

interface Restated {
  readonly paths: readonly string[];
  readonly read: (leaves: Leaves) => string | undefined;
}

const IS_IPV6: Restated = {
  paths: ['network.type'],
  read: (leaves) => {
    const type = leaves.get('network.type');
    if (type === 'ipv6') return 'true';
    return type === 'ipv4' ? 'false' : undefined;
  },
};

/** Fields that can be had back exactly, each from leaves that say the same in other words. */
const RESTATED: Readonly<Record<string, Restated>> = {
  User: {
    paths: ['user.domain', 'user.name'],
    read: (leaves) => {
      const [domain, name] = [leaves.get('user.domain'), leaves.get('user.name')];
      return typeof domain === 'string' && typeof name === 'string' ? `${domain}\\${name}` : undefined;
    },
  },
  Initiated: {
    paths: ['network.direction'],
    read: (leaves) => {
      const direction = leaves.get('network.direction');
      if (direction === 'egress' || direction === 'outbound') return 'true';
      return direction === 'ingress' || direction === 'inbound' ? 'false' : undefined;
    },
  },
  SourceIsIpv6: IS_IPV6,
  DestinationIsIpv6: IS_IPV6,
};

/** The order in which Sysmon lists hashes. ECS has the imphash among the facts of the file format. */
const HASHES = [
  ['SHA1', ['process.hash.sha1', 'file.hash.sha1', 'hash.sha1']],
  ['MD5', ['process.hash.md5', 'file.hash.md5', 'hash.md5']],
  ['SHA256', ['process.hash.sha256', 'file.hash.sha256', 'hash.sha256']],
  ['IMPHASH', ['process.pe.imphash', 'file.pe.imphash', 'hash.imphash']],
] as const;

const hashList = (leaves: Leaves): string | undefined => {
  const list: string[] = [];
  for (const [algorithm, paths] of HASHES) {
    const value = paths.map((path) => leaves.get(path)).find((found) => typeof found === 'string');
    if (value !== undefined) list.push(`${algorithm}=${value.toUpperCase()}`);
  }
  return list.length === 0 ? undefined : list.join(',');
};

const hex32 = (decimal: string): string => `0x${Number(decimal).toString(16).padStart(8, '0')}`;

/** A QWORD is not among these: the module adds its halves up in a way that cannot be taken apart. */
const registryDetails = (leaves: Leaves): string | undefined => {
  const strings = leaves.get('registry.data.strings');
  const first: unknown = Array.isArray(strings) ? strings[0] : strings;
  if (typeof first !== 'string') return undefined;
  const type = leaves.get('registry.data.type');
  if (type === 'SZ_QWORD') return undefined;
  return type === 'SZ_DWORD' && /^\d{1,10}$/.test(first) ? `DWORD (${hex32(first)})` : first;
};

const ISO_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d\.\d{3})\d*Z$/;

/** Fields whose value the module has rewritten: near enough where the message does not have them. */
const REWRITTEN: Readonly<Record<string, (leaves: Leaves) => string | undefined>> = {
  UtcTime: (leaves) => {
    const match = ISO_TIME.exec(textOf(leaves.get('@timestamp')));
    return match === null ? undefined : `${match[1] ?? ''} ${match[2] ?? ''}`;
  },
  Hashes: hashList,
  Hash: hashList,
  QueryStatus: queryStatus,
  QueryResults: queryResults,
  Details: registryDetails,
  Signed: (leaves) => {
    const signed = leaves.get('file.code_signature.signed');
    return signed === undefined ? undefined : textOf(signed);
  },
};

/** Systems give ports from here on (Linux; Windows from 49,152) to whoever asks for any; services have those below. */
const DYNAMIC_PORT_MIN = 32_768;

const isService = (port: string | undefined): boolean =>
  port !== undefined && Number(port) < DYNAMIC_PORT_MIN;

/**
 * Puts back the name of a port. From 8.0 on `network.protocol` is the destination's or, where that was empty, the
 * source's, and both are dropped; then the ports tell which is likelier. Before, the source's stayed in its place.
 */
const recoverPortName = (leaves: Leaves, fields: Fields): void => {
  const protocol = leaves.get('network.protocol');
  if (typeof protocol !== 'string') return;
  const { SourcePort, DestinationPort } = fields;
  const isSource = isSince8(leaves) && isService(SourcePort) && !isService(DestinationPort);
  fields[isSource ? 'SourcePortName' : 'DestinationPortName'] ??= protocol;
};

/** Whether the module is an ingest pipeline, as from 8.0 on, and no script. */
export const isSince8 = (leaves: Leaves): boolean =>
  Number.parseInt(textOf(leaves.get('ecs.version')), 10) >= 8;

/** The data set of Elastic Agent's integration, whose ingest pipeline does what the module does. */
export const isElasticDataSet = (leaves: Leaves): boolean =>
  leaves.get('event.dataset') === 'windows.sysmon_operational' ||
  leaves.get('data_stream.dataset') === 'windows.sysmon_operational';

/** Whether the module, or Elastic Agent's ingest pipeline, has had this document. */
export const isModuleDocument = (leaves: Leaves): boolean =>
  leaves.get('event.module') === 'sysmon' ||
  leaves.has('process.entity_id') ||
  (isElasticDataSet(leaves) && leaves.has('event.category'));

const namesOf = (eventId: number): readonly string[] =>
  catalogue.get(eventId)?.fields.map(({ name }) => name) ?? [];

/** Puts back what was moved unchanged, and takes from `leaves` the paths that say what a field now says. */
export const recoverMoved = (eventId: number, leaves: Leaves, fields: Fields): void => {
  const done = new Set<string>();
  const recover = (name: string, value: string | undefined, paths: readonly string[]): void => {
    if (value === undefined) return;
    fields[name] ??= value;
    if (fields[name] === value) for (const path of paths) done.add(path);
  };
  for (const name of namesOf(eventId)) {
    for (const path of MOVED[name] ?? []) {
      const value = leaves.get(path);
      if (typeof value !== 'object') recover(name, value === undefined ? value : textOf(value), [path]);
    }
    const restated = RESTATED[name];
    if (restated !== undefined) recover(name, restated.read(leaves), restated.paths);
  }
  // Type is moved to a message that the document lacks. A rendered one has been taken out of `leaves`.
  const message = leaves.get('message');
  const isType = eventId === 25 && typeof message === 'string' && message !== '';
  if (isType && Object.keys(fields).length > 0) recover('Type', message, ['message']);
  for (const path of done) leaves.delete(path);
};

/** Fills what is still missing from what the module rewrote. The rewritten leaves stay where they are. */
export const recoverRewritten = (eventId: number, leaves: Leaves, fields: Fields): void => {
  for (const name of namesOf(eventId)) {
    const value = fields[name] === undefined ? REWRITTEN[name]?.(leaves) : undefined;
    if (value !== undefined) fields[name] = value;
  }
  if (eventId === 3) recoverPortName(leaves, fields);
};
