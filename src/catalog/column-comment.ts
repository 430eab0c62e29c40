/** The comment of a top-level column: which fields of Sysmon feed it, or how it is made. */
import type { CompiledEntry } from '../mapping/compile.ts';
import { formatPath } from '../mapping/path.ts';
import type { PathRef } from '../mapping/path.ts';
import type { OcsfClass } from '../ocsf/schema.ts';

/** Glue's limit. https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html */
export const COMMENT_LENGTH_MAX = 255;

const MADE: Readonly<Record<string, string>> = {
  unmapped: 'fields of the event that have no place of their own in OCSF, and join: hit, late or miss',
  observables: 'the values in this record that one searches by',
  type_uid: 'class_uid * 100 + activity_id',
  type_name: 'class_name and activity_name',
};

/**
 * What is said of a column.
 * @param entries those of its class
 */
export function columnComment(name: string, ocsfClass: OcsfClass, entries: readonly CompiledEntry[]): string {
  const made = MADE[name];
  if (made !== undefined) return made;
  const reads = entries.flatMap(({ leaves }) =>
    leaves
      .filter(({ attribute }) => attribute === name || attribute.startsWith(`${name}.`))
      .flatMap((leaf) => leaf.reads.flatMap(fieldNames)),
  );
  const fields = [...new Set(reads)];
  const attribute = Object.hasOwn(ocsfClass.attributes, name) ? ocsfClass.attributes[name] : undefined;
  const unit = attribute?.type === 'timestamp_t' ? 'milliseconds since 1970 UTC' : undefined;
  if (fields.length > 0) return commentText([unit, `from ${fields.join(', ')}`]);
  const idOf = Object.entries(ocsfClass.attributes).find(([, { sibling }]) => sibling === name)?.[0];
  return commentText([unit, idOf === undefined ? 'stated by the mapping' : `the caption of ${idOf}`]);
}

/** A field of the event by its bare name, one of the joined process as `Process.<Field>`. */
const fieldNames = (ref: PathRef): readonly string[] =>
  ref.kind === 'EventTime'
    ? ['UtcTime', 'TimeCreated']
    : [formatPath(ref).replace(/^\$\.(Description\.)?/, '')];

/**
 * A comment that Glue keeps and that stands in DDL and CloudFormation as it is: one line, no quotes, no statement
 * ends, 255 characters at most.
 */
export function commentText(parts: readonly (string | undefined)[]): string {
  const text = parts
    .filter((part) => part !== undefined)
    .join(', ')
    .replace(/['"`\\]/g, '’')
    .replace(/;/g, ',')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (text.length <= COMMENT_LENGTH_MAX) return text;
  const whole = text.slice(0, COMMENT_LENGTH_MAX - 5);
  const end = whole.lastIndexOf(', ');
  return `${end > 0 ? whole.slice(0, end) : whole}, ...`;
}
