/**
 * PowerShell's `Get-WinEvent | ConvertTo-Json`, of Windows PowerShell 5.1 and of PowerShell 7. `Properties` are the
 * values by position, where the depth of the conversion was enough to show them; else each is the name of its class.
 */
import type { Form } from './form.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { hasAny, readKeyed, type Keys } from './keyed.ts';

const KEYS: Keys = {
  provider: ['ProviderName'],
  eventId: ['Id'],
  host: ['MachineName'],
  channel: ['LogName'],
  record: ['RecordId'],
  user: ['UserId.Value', 'UserId'],
  keywords: ['Keywords'],
  level: ['Level'],
  levelName: ['LevelDisplayName'],
  // A date to which PowerShell has added members is an object.
  time: ['TimeCreated', 'TimeCreated.value', 'TimeCreated.Value'],
  message: 'Message',
};

/** Members of an EventLogRecord that no other form has. */
const OWN = [
  'RecordId',
  'ProviderId',
  'ContainerLog',
  'MatchedQueryIds',
  'KeywordsDisplayNames',
  'TaskDisplayName',
  'OpcodeDisplayName',
];
/** Members that others have, too. */
const COMMON = [
  'ProviderName',
  'LogName',
  'MachineName',
  'TimeCreated',
  'LevelDisplayName',
  'Message',
  'Properties',
];

/** A value of `Properties`: of an EventProperty its Value, of a SID its text. */
const valueOf = (property: unknown): unknown => {
  const value = isJsonObject(property) ? property.Value : undefined;
  return isJsonObject(value) && typeof value.Value === 'string' ? value.Value : value;
};

/** Keywords are a signed number there, and a mask of bits in hexadecimal elsewhere. */
const keywordsOf = (value: unknown): unknown =>
  typeof value === 'number' && Number.isInteger(value)
    ? `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`
    : value;

const countOf = (document: JsonObject, names: readonly string[]): number =>
  names.filter((name) => Object.hasOwn(document, name)).length;

export const getWinEvent: Form = {
  name: 'get-winevent',
  recognises: (document) => {
    const others = countOf(document, COMMON);
    return others >= 3 ? hasAny(document, 'Id', ...OWN) : others === 2 && hasAny(document, ...OWN);
  },
  read: (document) => {
    const { Properties: properties, Keywords: keywords, ...rest } = document;
    const others = { ...rest, Keywords: keywordsOf(keywords) };
    const list: readonly unknown[] = Array.isArray(properties) ? properties : [];
    const isShown = list.every((property) => isJsonObject(property) && Object.hasOwn(property, 'Value'));
    if (list.length > 0 && isShown)
      return readKeyed({ ...others, Properties: list.map(valueOf) }, { ...KEYS, positional: 'Properties' });
    return readKeyed(properties === undefined ? others : { ...others, Properties: properties }, KEYS);
  },
};
