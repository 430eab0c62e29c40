/**
 * Where an object lies in the lake: Security Lake's partition path for custom sources, and the names in it.
 * https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html
 */
import { createHash } from 'node:crypto';

/** `per-schema`: one source, a folder a class in it. `per-source`: each class is a source of its own. */
export const LAYOUTS = ['per-schema', 'per-source'] as const;
export type Layout = (typeof LAYOUTS)[number];

export type LayoutPart =
  'location' | 'schema' | 'region' | 'accountId' | 'eventDay' | 'name' | 'sourceName' | 'timeMs';

/** A part of a path that would break the path, or that Security Lake would refuse. */
export class LayoutError extends Error {
  readonly part: LayoutPart;
  readonly value: string;

  constructor(part: LayoutPart, value: string, rule: string) {
    super(`${part} ${JSON.stringify(value)} cannot be part of a path in the lake: ${rule}`);
    this.name = 'LayoutError';
    this.part = part;
    this.value = value;
  }
}

const RULES = {
  schema: [
    /^[a-z][a-z0-9_]*$/,
    'use an OCSF class name without an extension prefix, such as process_activity',
  ],
  region: [/^[a-z0-9-]+$/, 'use an AWS region such as eu-central-1'],
  accountId: [/^[A-Za-z0-9_-]+$/, 'use letters, digits, _ and -'],
  // What CreateCustomLogSource takes as sourceName, without the names that mean folders.
  sourceName: [/^(?!\.{1,2}$)[\w\-:.]{1,64}$/, 'use 1 to 64 letters, digits, _ - : and .'],
  // 200 and the suffix stay below the 255 bytes that file systems allow.
  name: [/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/, 'use 1 to 200 letters, digits, . _ and -, no dot first'],
} as const;

const checked = (part: keyof typeof RULES, value: string): string => {
  const [pattern, rule] = RULES[part];
  if (!pattern.test(value)) throw new LayoutError(part, value, rule);
  return value;
};

/** The name again when it can be the last part of a key; throws {@link LayoutError} when it cannot. */
export const checkedName = (name: string): string => checked('name', name);

/** The name again when it can be that of a source, which is one folder; throws {@link LayoutError} when it cannot. */
export const checkedSourceName = (sourceName: string): string => checked('sourceName', sourceName);

const locationParts = (location: string): string[] => {
  if (location === '') return [];
  const parts = location.split('/');
  if (!parts.every((part) => RULES.sourceName[0].test(part))) {
    throw new LayoutError('location', location, 'use folder names joined with /, such as ext/windows-sysmon');
  }
  return parts;
};

const DAY = /^\d{8}$/;

const checkedDay = (eventDay: string): string => {
  const iso = `${eventDay.slice(0, 4)}-${eventDay.slice(4, 6)}-${eventDay.slice(6)}`;
  const timeMs = DAY.test(eventDay) ? Date.parse(`${iso}T00:00:00Z`) : NaN;
  // Date.parse takes 30 February for 1 March, so the day must come back as it went in.
  if (Number.isNaN(timeMs) || !new Date(timeMs).toISOString().startsWith(iso)) {
    throw new LayoutError('eventDay', eventDay, 'use a day as YYYYMMDD');
  }
  return eventDay;
};

/**
 * The UTC day of a time, as YYYYMMDD.
 * @param timeMs milliseconds since 1970, the unit of OCSF's timestamp_t
 * @throws LayoutError when the time is no day of the years 0 to 9999
 */
export function eventDayOf(timeMs: number): string {
  const time = new Date(timeMs);
  const year = time.getUTCFullYear(); // NaN where the time is no time
  if (!(year >= 0 && year <= 9999)) {
    throw new LayoutError('timeMs', String(timeMs), 'use milliseconds since 1970 in the years 0 to 9999');
  }
  return time.toISOString().slice(0, 10).replaceAll('-', '');
}

/** Security Lake asks for at most 20 characters in the name of a new custom source. */
const SOURCE_NAME_LENGTH_MAX = 20;

const shortHash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/**
 * The name of the source that one class becomes in the layout `per-source`: the last word of the source's name
 * and the class without `_activity`, as in `sysmon-process`. What is longer than 20 characters is cut, and a
 * hash keeps it apart from other names cut at the same place.
 * @throws LayoutError when one of the names is not valid
 */
export function sourceNameFor(schema: string, sourceName: string): string {
  checked('schema', schema);
  checked('sourceName', sourceName);
  const lastWord = sourceName.split('-').findLast((word) => word !== '') ?? sourceName;
  const name = `${lastWord}-${schema.replace(/_activity$/, '')}`;
  if (name.length <= SOURCE_NAME_LENGTH_MAX) return name;
  const hash = shortHash(`${sourceName}\n${schema}`, 4);
  return `${name.slice(0, SOURCE_NAME_LENGTH_MAX - 5).replace(/[_-]+$/, '')}-${hash}`;
}

export interface ObjectKeyParts {
  /** Folders above the classes, without slashes at the ends; '' is the top. The last one is the source's name. */
  readonly location: string;
  readonly schema: string;
  readonly region: string;
  readonly accountId: string;
  /** YYYYMMDD, see {@link eventDayOf}. */
  readonly eventDay: string;
  /** Made from the input alone, so that the same input gives the same key; see {@link safeName}. */
  readonly name: string;
  /** Default `per-schema`. */
  readonly layout?: Layout;
}

/**
 * The key of one Parquet object:
 * `<location>/<schema>/region=<region>/accountId=<account>/eventDay=<YYYYMMDD>/<name>.zstd.parquet`.
 * In the layout `per-source` the last folder of the location, which is the source's name, and the class are one
 * folder: `ext/sysmon-process/region=…`.
 * @throws LayoutError when a part is not valid
 */
export function objectKey(parts: ObjectKeyParts): string {
  return [
    ...classFolders(parts),
    `region=${checked('region', parts.region)}`,
    `accountId=${checked('accountId', parts.accountId)}`,
    `eventDay=${checkedDay(parts.eventDay)}`,
    `${checkedName(parts.name)}.zstd.parquet`,
  ].join('/');
}

/**
 * The folder that holds a class, without a slash at the end: where a table of the catalogue points to.
 * @throws LayoutError when a part is not valid
 */
export function classFolder(parts: Pick<ObjectKeyParts, 'location' | 'schema' | 'layout'>): string {
  return classFolders(parts).join('/');
}

function classFolders({
  location,
  schema,
  layout = 'per-schema',
}: Pick<ObjectKeyParts, 'location' | 'schema' | 'layout'>): string[] {
  const folders = locationParts(location);
  if (layout === 'per-schema') return [...folders, checked('schema', schema)];
  const sourceName = folders.at(-1);
  if (sourceName === undefined) {
    throw new LayoutError('location', location, 'the layout per-source needs a source name in it');
  }
  return [...folders.slice(0, -1), sourceNameFor(schema, sourceName)];
}

const SAFE_NAME_LENGTH_MAX = 80;

/**
 * A part of a name out of any text, such as the name of an input file: other characters become `_`, 80
 * characters at most. A text that had to be changed gets a hash of itself at the end, so that two inputs whose
 * names differ only in what was changed do not overwrite each other's objects.
 */
export function safeName(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\./, '_');
  if (safe === text && safe !== '' && safe.length <= SAFE_NAME_LENGTH_MAX) return safe;
  return `${safe.slice(0, SAFE_NAME_LENGTH_MAX - 9) || '_'}-${shortHash(text, 8)}`;
}

/**
 * A part of a name for what is told apart by more than its text: two objects of the same name in two folders, the same
 * offsets of two topics. The parts of the identity show as a hash.
 */
export const nameWithIdentity = (text: string, identity: readonly unknown[]): string =>
  `${safeName(text)}-${shortHash(JSON.stringify(identity), 16)}`;
