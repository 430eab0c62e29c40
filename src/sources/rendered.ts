/**
 * Rendered messages, and how far they can be believed.
 *
 * After an upgrade of Sysmon, events logged before it are rendered with the newer manifest: an insert that the
 * event has no value for stays as it is written (`User: %7`), numbers come out as zero, and where the newer
 * manifest has a field in the middle, all values behind it stand one name too early. Seen in four of seven
 * event files that Winlogbeat's own tests render.
 */
import { catalogue } from '../sysmon/catalogue.ts';
import { parseDescription } from '../sysmon/description.ts';
import { newFields, type Fields } from '../sysmon/event.ts';

export interface Rendered {
  readonly fields: Fields;
  /** In the order of the message. */
  readonly names: readonly string[];
  readonly ambiguous?: readonly string[];
  /** Names whose insert was left unfilled; any at all means that a newer manifest rendered the message. */
  readonly unfilled: ReadonlySet<string>;
}

const PERCENT = 37;
const NONE: ReadonlySet<string> = new Set();
const ZERO = /^(?:0|0x0+)$/i;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/** Reads a rendered message; undefined where it is none of Sysmon's. */
export const readRendered = (eventId: number, message: string): Rendered | undefined => {
  const parsed = parseDescription(eventId, message);
  if (parsed === undefined) return undefined;
  const { fields, names, ambiguous } = parsed;
  let unfilled: Set<string> | undefined;
  // Almost no value begins with a percent sign.
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? '';
    if (fields[name]?.charCodeAt(0) !== PERCENT || fields[name] !== `%${at + 1}`) continue;
    (unfilled ??= new Set()).add(name);
  }
  const inserts = { fields, names, unfilled: unfilled ?? NONE };
  return ambiguous === undefined ? inserts : { ...inserts, ambiguous };
};

const typesOf = (eventId: number): ReadonlyMap<string, string> =>
  new Map(catalogue.get(eventId)?.fields.map(({ name, type }) => [name, type]));

/** Whether a value of a message with unfilled inserts is one that the event never had. */
const isInvented = (rendered: Rendered, name: string, type: string | undefined): boolean =>
  rendered.unfilled.has(name) ||
  ((type === 'uint' || type === 'hex') && ZERO.test(rendered.fields[name] ?? ''));

/** The fields of a message that is all there is. Unfilled inserts, and the zeros beside them, become `''`. */
export const fieldsOfRendered = (eventId: number, rendered: Rendered): Fields => {
  if (rendered.unfilled.size === 0) return rendered.fields;
  const types = typesOf(eventId);
  const fields = newFields();
  for (const [name, value] of Object.entries(rendered.fields)) {
    fields[name] = isInvented(rendered, name, types.get(name)) ? '' : value;
  }
  return fields;
};

/** Whether the message shows another value where the event's own one is known: its names have been shifted. */
const isShifted = (truth: Fields, rendered: Rendered, types: ReadonlyMap<string, string>): boolean =>
  rendered.names.some((name) => {
    const own = truth[name];
    const type = types.get(name);
    if (own === undefined || (type !== 'text' && type !== 'guid') || own.includes('%')) return false;
    return own.toLowerCase() !== rendered.fields[name]?.toLowerCase();
  });

const NAMED_LINE = /\n([A-Za-z][A-Za-z0-9_]*):/g;

/** The names, in lower case, that begin a line inside of a value: the message's line of that name may be the value's. */
const namesInside = (truth: Fields): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const value of Object.values(truth)) {
    for (const [, name = ''] of value.matchAll(NAMED_LINE)) names.add(name.toLowerCase());
  }
  return names;
};

/**
 * Adds to true values what only the message says, such as fields that are empty. Of a message rendered with a
 * newer manifest nothing is taken that the event never had, and of one whose names are shifted only the time. Nor is
 * a field taken whose line may be text of a value.
 */
export const fillFromRendered = (eventId: number, truth: Fields, rendered: Rendered): void => {
  const types = typesOf(eventId);
  const newer = rendered.unfilled.size > 0;
  const shifted = newer && isShifted(truth, rendered, types);
  const inside = namesInside(truth);
  for (const [name, value] of Object.entries(rendered.fields)) {
    if (truth[name] !== undefined || inside.has(name.toLowerCase())) continue;
    if (newer && isInvented(rendered, name, types.get(name))) continue;
    if (shifted && !(name === 'UtcTime' && TIME.test(value))) continue;
    truth[name] = value;
  }
};
