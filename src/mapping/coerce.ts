/**
 * The schema types the mapping: how the text of a field becomes a value of the attribute's OCSF type.
 */
import ipaddr from 'ipaddr.js';
import type { ColumnType, OcsfValue } from '../ocsf/column.ts';
import type { OcsfAttribute, OcsfSchema } from '../ocsf/schema.ts';
import { instantMs } from '../sysmon/instant.ts';
import { parseInteger } from './converters/integer.ts';
import { memo } from './memo.ts';

export interface Coercion {
  readonly column: ColumnType;
  /** The value of a text that is not absent; undefined where the text does not fit the type. */
  readonly convert: (text: string) => OcsfValue | undefined;
  /** Set where not every value of the column's type will do: whether one that a converter gives does. */
  readonly accepts?: (value: OcsfValue) => boolean;
  /** Set where a value may say less than its text: whether this text is told in full. */
  readonly keepsAll?: (text: string) => boolean;
}

const STRING: ColumnType = { kind: 'string' };
const BIGINT: ColumnType = { kind: 'bigint' };

/** Text for an attribute that OCSF does not type. */
export const asText: Coercion = { column: STRING, convert: (text) => text };

const UUID =
  /^(?:\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/i;

function bareUuid(text: string): string | undefined {
  const match = UUID.exec(text);
  return match?.[1] ?? match?.[2];
}

/** `::1.2.3.4`, an IPv4-compatible address (deprecated by RFC 4291); ipaddr.js reads it as `::ffff:1.2.3.4`. */
const isIpv4Compatible = (text: string): boolean => /^::\d+\.\d+\.\d+\.\d+/.test(text);

/** The same addresses and GUIDs come again and again, at many attributes. */
function remembered(convert: (text: string) => string | undefined): (text: string) => string | undefined {
  const once = memo((text) => ({ value: convert(text) }));
  return (text) => once(text).value;
}

/** RFC 5952 for IPv6, dotted decimal for IPv4; a zone index is kept. */
export function canonicalIp(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  if (!text.includes(':') || isIpv4Compatible(text)) return undefined;
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toRFC5952String() : undefined;
}

const ipOf = remembered(canonicalIp);
const uuidOf = remembered(bareUuid);

/** Digits of a second beyond the millisecond, which epoch milliseconds cannot hold. */
const finerThanMilliseconds = (text: string): boolean => /[.,]\d{3}\d*[1-9]/.test(text);

/** Counts code points, as OCSF's validator does, but only of texts long enough to matter. */
export function fits(text: string, maxLength: number): boolean {
  return text.length <= maxLength || Array.from(text).length <= maxLength;
}

/** How a text becomes the value of one element of this attribute. `parseTime` is the mapping's own time format. */
export function coercion(
  schema: OcsfSchema,
  attribute: OcsfAttribute,
  parseTime: (text: string) => number | undefined,
): Coercion {
  const type = schema.types[attribute.type];
  if (type === undefined) return asText;
  switch (type.primitive) {
    case 'json_t':
      return { column: { kind: 'json' }, convert: (text) => text };
    case 'boolean_t':
      return {
        column: { kind: 'boolean' },
        convert: (text) => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined),
      };
    case 'float_t':
      return {
        column: { kind: 'double' },
        convert: (text) => (/^-?\d{1,300}(\.\d+)?$/.test(text) ? Number(text) : undefined),
      };
    case 'integer_t':
    case 'long_t': {
      if (attribute.type === 'timestamp_t') {
        return {
          column: BIGINT,
          convert: (text) => parseTime(text) ?? instantMs(text),
          keepsAll: (text) => !finerThanMilliseconds(text),
        };
      }
      const [least, most] = type.range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
      const ids = attribute.enum;
      const accepts = (value: OcsfValue): boolean =>
        typeof value === 'number' &&
        value >= least &&
        value <= most &&
        (ids === undefined || Object.hasOwn(ids, String(value)));
      return {
        column: BIGINT,
        accepts,
        convert: (text) => {
          const value = parseInteger(text);
          return value !== undefined && accepts(value) ? value : undefined;
        },
      };
    }
    case 'string_t': {
      if (attribute.type === 'uuid_t') return { column: STRING, convert: uuidOf };
      const lengthMax = type.maxLength ?? schema.types.string_t?.maxLength ?? Infinity;
      const short = (text: string | undefined): string | undefined =>
        text !== undefined && fits(text, lengthMax) ? text : undefined;
      // With a zone, a full IPv6 address has more than the 40 characters of OCSF.
      const convert = attribute.type === 'ip_t' ? (text: string) => short(ipOf(text)) : short;
      return { column: STRING, convert };
    }
  }
}

/** A literal of a mapping as its attribute's type wants it; undefined where it cannot be. */
export function coerceLiteral(value: string | number | boolean, to: Coercion): OcsfValue | undefined {
  const { kind } = to.column;
  if (kind === 'json') return value;
  if (kind === 'boolean' && typeof value === 'boolean') return value;
  if (kind === 'double' && typeof value === 'number') return value;
  // Literals may be negative (timezone_offset), which no field of Sysmon is.
  if (kind === 'bigint' && typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  return to.convert(String(value));
}
