/**
 * What the value of a field can look like. A value under a wrong name betrays itself: a process id is no path, an
 * address no host name. So names that came without their values, or values without their names, can be checked.
 */
import { catalogue, fieldType } from './catalogue.ts';
import { isAbsent } from './event.ts';
import type { Fields } from './event.ts';
import { isGuid, normaliseGuid } from './process-guid.ts';
import { parseUtcTime } from './time.ts';

/**
 * The types of the manifest, and what is known of its strings. Sysmon leaves no `guid`, `uint`, `hex`, `bool` or
 * `time` empty; all others can be empty or `-`.
 */
export type ValueKind =
  | 'guid'
  | 'uint'
  | 'hex'
  | 'bool'
  | 'time'
  | 'port'
  | 'ip'
  | 'hashes'
  | 'integrity'
  | 'user'
  | 'signer'
  | 'rule'
  | 'event type'
  | 'text';

const STRINGS: Readonly<Record<string, ValueKind>> = {
  SourcePort: 'port',
  DestinationPort: 'port',
  SourceIp: 'ip',
  DestinationIp: 'ip',
  Hash: 'hashes',
  Hashes: 'hashes',
  ConfigurationFileHash: 'hashes',
  IntegrityLevel: 'integrity',
  User: 'user',
  SourceUser: 'user',
  TargetUser: 'user',
  ParentUser: 'user',
  Signed: 'bool',
  Signature: 'signer',
  RuleName: 'rule',
  EventType: 'event type',
  UtcTime: 'time',
  CreationUtcTime: 'time',
  PreviousCreationUtcTime: 'time',
  SequenceNumber: 'uint',
};

const kinds: ReadonlyMap<string, ValueKind> = new Map(
  [...catalogue.values()].flatMap(({ fields, removedFields }) =>
    [...fields.map(({ name }) => name), ...removedFields].map(
      (name) => [name, Object.hasOwn(STRINGS, name) ? (STRINGS[name] ?? 'text') : fieldType(name)] as const,
    ),
  ),
);

/** The kind of a field's values; a name has the same one in every event. `text` for names that Sysmon does not have. */
export const valueKind = (name: string): ValueKind => kinds.get(name) ?? 'text';

/** Kinds whose field always has a value, so that no schema version's event lacks it where it has the field. */
export const isNeverEmpty = (kind: ValueKind): boolean =>
  kind === 'guid' ||
  kind === 'uint' ||
  kind === 'hex' ||
  kind === 'bool' ||
  kind === 'time' ||
  kind === 'port';

/**
 * Kinds by which a rendered text is judged: those that the manifest or Sysmon itself leaves no doubt about. Not those
 * whose texts others choose, such as who signed a file: they could keep an event from being read.
 */
export const isTyped = (kind: ValueKind): boolean =>
  isNeverEmpty(kind) || kind === 'ip' || kind === 'hashes' || kind === 'rule' || kind === 'event type';

/**
 * Whether the signer and the status of a signature stand in each other's place, as they do under the names of a
 * version that had them in the other order.
 */
export const isSignatureSwapped = ({ Signature = '', SignatureStatus = '' }: Fields): boolean =>
  SIGNATURE_STATUS.test(Signature) && !SIGNATURE_STATUS.test(SignatureStatus);

const PORT_MAX = 65_535;

const isDigits = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
};

const HEX = /^(?:0x[\da-f]{1,16}|\d{1,20})$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;
/** The shape of an IPv6 address: groups and at least two colons, an IPv4 tail, a zone. */
const IPV6 = /^(?=[^%]*:[^%]*:)[\da-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%.{1,64})?$/i;
/** `SHA1=…,MD5=…`, each value in hexadecimal; or words, such as `Unknown`, where Sysmon could not hash. */
const HASHES =
  /^(?:[A-Z][A-Z\d]{1,9}=[\dA-F]*(?:,[A-Z][A-Z\d]{1,9}=[\dA-F]*)*|(?!(?:true|false)$)[a-z][a-z -]{0,63})$/i;
/** A word or two: `High`, `AppContainer`, `no level`. */
const INTEGRITY = /^[\p{L}+ ]{1,32}$/u;
/** What Sysmon says of a signature, so no name of who signed. */
const SIGNATURE_STATUS = /^(?:Valid|Unavailable|Expired|Revoked|Unsigned)$/;
/** What EventType says: a word of Sysmon's own. */
const EVENT_TYPE = /^[A-Z][A-Za-z]{2,30}(?:Key|Value|Pipe|Event)$/;
/** Those that no rule is called. */
const KNOWN_EVENT_TYPE =
  /^(?:(?:Create|Connect)Pipe|(?:Create|Delete|Rename)Key|(?:Set|Delete|Rename)Value|Wmi[A-Z][A-Za-z]*Event)$/;
const SID = /^S-1(?:-\d+)+$/;

/** An account, `DOMAIN\name`, or its SID: no path of a drive or a share, no address, nothing in braces. */
const isUser = (text: string): boolean => {
  const backslash = text.indexOf('\\');
  if (backslash < 0) return SID.test(text) || text === '?';
  return backslash > 0 && !text.includes('\\', backslash + 1) && !/[:/{}=]/.test(text);
};

/** Whether a text can be the value of a kind. Empty and `-` stand for no value where the kind allows that. */
export const canBeKind = (kind: ValueKind, text: string): boolean => {
  switch (kind) {
    case 'text':
      return true;
    case 'guid':
      return isGuid(text);
    case 'uint':
      return isDigits(text);
    case 'hex':
      return HEX.test(text);
    case 'bool':
      return text === 'true' || text === 'false' || text === 'True' || text === 'False';
    case 'time':
      return parseUtcTime(text) !== undefined;
    case 'port':
      return isDigits(text) && Number(text) <= PORT_MAX;
  }
  if (isAbsent(text)) return true;
  switch (kind) {
    case 'ip':
      return IPV4.test(text) || IPV6.test(text);
    case 'hashes':
      return HASHES.test(text);
    case 'integrity':
      return INTEGRITY.test(text);
    case 'user':
      return isUser(text);
    case 'signer':
      return !SIGNATURE_STATUS.test(text);
    case 'rule':
      return !KNOWN_EVENT_TYPE.test(text);
    case 'event type':
      return EVENT_TYPE.test(text);
  }
};

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

const asHex = (value: number | bigint): string | undefined =>
  value >= 0 && (typeof value === 'bigint' || Number.isInteger(value))
    ? `0x${BigInt(value).toString(16).toUpperCase()}`
    : undefined;

/** A JSON value of a field as Sysmon renders it in a message: hex digits in upper case, GUIDs in braces and lower case. */
export const valueText = (name: string, value: unknown): string => {
  if (value === null || value === undefined) return '';
  const type = fieldType(name);
  if (typeof value === 'string') {
    const bare = type === 'guid' && !value.startsWith('{') && normaliseGuid(value) !== undefined;
    return bare ? `{${value.toLowerCase()}}` : value;
  }
  if (isNumber(value)) return (type === 'hex' ? asHex(value) : undefined) ?? String(value);
  // Booleans as Sysmon writes them; a list or an object is nothing that Sysmon sends, and is kept readable.
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
};

/** Whether a JSON value can be the field's. A number or a boolean is none of the manifest's strings. */
export const canBe = (name: string, value: unknown): boolean => {
  const kind = valueKind(name);
  const text = valueText(name, value);
  const isString = fieldType(name) === 'text' && name !== 'SequenceNumber';
  if (isString && typeof value !== 'string' && text !== '') return false;
  return canBeKind(kind, text);
};

/** Whether each field has a value that is of its kind, whoever chooses the texts of them. */
export const isWellTyped = (fields: Fields): boolean =>
  Object.entries(fields).every(([name, value]) => {
    const kind = valueKind(name);
    return isAbsent(value) || kind === 'signer' || canBeKind(kind, value);
  });
