/**
 * Whether a record still says everything that its event said. It knows nothing of the mapping: it looks for each
 * field's text, and for the forms that Sysmon's texts take in OCSF.
 */
import { canonicalIp } from '../src/mapping/coerce.ts';
import { parseInteger } from '../src/mapping/converters/integer.ts';
import { ENVELOPE_KEYS, isAbsent } from '../src/sysmon/event.ts';
import type { SysmonEvent } from '../src/sysmon/event.ts';
import { parseUtcTime } from '../src/sysmon/time.ts';

type Values = Readonly<Record<string, unknown>>;

/** What stands in a record, outside of `unmapped`. */
interface Said {
  readonly texts: ReadonlySet<string>;
  /** Numbers that are no ids: an id such as `severity_id: 1` says nothing of a field whose text is `1`. */
  readonly numbers: ReadonlySet<number>;
  readonly truths: ReadonlySet<boolean>;
  readonly objects: readonly Values[];
  readonly unmapped: readonly (readonly [string, unknown])[];
}

/** A text of fewer characters than this, found under another name in `unmapped`, may be another field's. */
const TELLING_LENGTH = 6;

/** Where a record tells what a field said in its own words: the texts of the field by what stands at the path. */
const TOLD_IN_OTHER_WORDS: Readonly<
  Record<string, readonly (readonly [path: string, Readonly<Record<string, number | string>>])[]>
> = {
  Initiated: [['connection_info.direction_id', { true: 2, false: 1 }]],
  Protocol: [['connection_info.protocol_num', { tcp: 6, udp: 17 }]],
  SourceIsIpv6: [['connection_info.protocol_ver_id', { true: 6, false: 4 }]],
  Signed: [
    ['module.file.signature.algorithm_id', { true: 4 }],
    ['file.signature.algorithm_id', { true: 4 }],
  ],
  SignatureStatus: [
    ['module.file.signature.state_id', { Valid: 1, Expired: 2, Revoked: 3 }],
    ['file.signature.state_id', { Valid: 1, Expired: 2, Revoked: 3 }],
  ],
  State: [
    ['type_uid', { Started: 100701, Stopped: 100702 }],
    ['type_uid', { Started: 600203, Stopped: 600204 }],
  ],
  Operation: [['type_uid', { Created: 300401, Modified: 300403, Deleted: 300404 }]],
  EventType: [
    ['type_uid', { CreateKey: 100101 }],
    ['file.type', { DeleteValue: 'Registry Value' }],
    ['type_uid', { CreateKey: 20100101, DeleteKey: 20100104 }],
  ],
};

/** Names of the fields of an event, of its envelope and of what the agent added, of which a record says nothing. */
export function missingFields(event: SysmonEvent, record: Values): string[] {
  const said = saidBy(record);
  const rooms: [string, Values][] = [
    ['Description', event.Description],
    ['envelope', Object.fromEntries(ENVELOPE_KEYS.map((key) => [key, event[key]]))],
    ['UserDefined', event.UserDefined],
  ];
  return rooms.flatMap(([room, fields]) =>
    Object.entries(fields).flatMap(([name, text]) => {
      if (typeof text !== 'string' || isAbsent(text)) return [];
      const isThere =
        said.texts.has(text) ||
        isInUnmapped(name, text, said) ||
        isSaid(text, said) ||
        isToldInOtherWords(name, text, record);
      return isThere ? [] : [room === 'Description' ? name : `${room}.${name}`];
    }),
  );
}

function saidBy(record: Values): Said {
  const texts = new Set<string>();
  const numbers = new Set<number>();
  const truths = new Set<boolean>();
  const objects: Values[] = [];
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string') texts.add(value);
    else if (typeof value === 'number') {
      if (!/_(id|uid)$/.test(name)) numbers.add(value);
    } else if (typeof value === 'boolean') truths.add(value);
    else if (Array.isArray(value)) for (const item of value) walk(item, name);
    else if (typeof value === 'object' && value !== null) {
      objects.push(value as Values); // true: neither null nor a list
      for (const [key, inner] of Object.entries(value)) walk(inner, key);
    }
  };
  for (const [name, value] of Object.entries(record)) {
    // Observables only repeat what stands elsewhere.
    if (name !== 'unmapped' && name !== 'observables') walk(value, name);
  }
  return { texts, numbers, truths, objects, unmapped: Object.entries((record.unmapped ?? {}) as Values) }; // as: OCSF has an object there
}

/** Under its own name, behind longer ones (`envelope.Index`, `process.pid`), or under any that a mapping chose. */
function isInUnmapped(name: string, text: string, { unmapped }: Said): boolean {
  return unmapped.some(
    ([key, value]) =>
      value === text && (key === name || key.endsWith(`.${name}`) || text.length >= TELLING_LENGTH),
  );
}

function isSaid(text: string, said: Said): boolean {
  const { texts, numbers, truths } = said;
  if (/^(true|false)$/i.test(text)) return truths.has(text.toLowerCase() === 'true');
  const number = parseInteger(text);
  if (number !== undefined && numbers.has(number)) return true;
  const time = /\.\d{3}\d*[1-9]/.test(text) ? undefined : parseUtcTime(text);
  if (time !== undefined && numbers.has(time)) return true;
  const ip = canonicalIp(text);
  if (ip !== undefined && texts.has(ip)) return true;
  return /^\{.*\}$/.test(text) && texts.has(text.slice(1, -1)) ? true : isSaidInParts(text, said);
}

/** The texts of one object that a converter made of a field, put together again. */
function isSaidInParts(text: string, { objects, texts }: Said): boolean {
  const isPair = ({ name, domain, path }: Values): boolean =>
    typeof name === 'string' &&
    (text === `${String(domain)}\\${name}` || text === `${String(path)}\\${name}`);
  if (objects.some(isPair)) return true;
  return isHashList(text, objects) || isAnswerList(text, objects) || isStream(text, objects, texts);
}

const HASHES: Readonly<Record<string, number>> = { MD5: 1, SHA1: 2, SHA256: 3, IMPHASH: 99 };

function isHashList(text: string, objects: readonly Values[]): boolean {
  return text.split(',').every((item) => {
    const [name = '', value = ''] = item.split('=');
    return objects.some((one) => one.algorithm_id === HASHES[name] && one.value === value && value !== '');
  });
}

function isAnswerList(text: string, objects: readonly Values[]): boolean {
  const items = text.split(';').map((item) => item.trim());
  if (items.length < 2 || items.pop() !== '') return false;
  return items.every((item) => {
    const rdata = /^type:\s*\d+\s+(.*)$/s.exec(item)?.[1] ?? item.replace(/^::ffff:(?=[\d.]+$)/, '');
    return item === '' || item === '-' || objects.some((one) => one.rdata === (canonicalIp(rdata) ?? rdata));
  });
}

/** The path of a file with the name of a stream behind it. */
function isStream(text: string, objects: readonly Values[], texts: ReadonlySet<string>): boolean {
  return objects.some(
    ({ path }) =>
      typeof path === 'string' && text.startsWith(`${path}:`) && texts.has(text.slice(path.length + 1)),
  );
}

function isToldInOtherWords(name: string, text: string, record: Values): boolean {
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (value as Values | undefined)?.[key], record); // as: checked by `?.`
  return (TOLD_IN_OTHER_WORDS[name] ?? []).some(
    ([path, values]) => Object.hasOwn(values, text) && at(path) === values[text],
  );
}
