/**
 * The event: one `SysmonEvent` for each thing Sysmon logged, whatever carried it here.
 *
 * It is also the document that the paths of a mapping are read from, so its keys are spelled as a mapping
 * spells them: `$.EventId`, `$.Description.Image`, `$.MachineName`.
 */

/** Text values by name. Made by {@link newFields}: no prototype, so any name is only a name. */
export type Fields = Record<string, string>;

/** The envelope, by the names that Kinesis Agent for Windows gives it; other carriers fill the same ones. */
export const ENVELOPE_KEYS = [
  'TimeCreated',
  'MachineName',
  'LogName',
  'ProviderName',
  'Index',
  'UserName',
  'LevelDisplayName',
  'Keywords',
] as const;

export type EnvelopeKey = (typeof ENVELOPE_KEYS)[number];

export interface SysmonEvent {
  /** The number of the event's kind: 1 to 29, 255, or one that a newer Sysmon added. */
  readonly EventId: number;
  /** The event's fields by their Sysmon names. Values are text as Sysmon gave it; `''` and `-` are kept. */
  readonly Description: Fields;
  /** When the event log wrote the event: ISO 8601 in UTC, up to 7 fractional digits. */
  readonly TimeCreated?: string;
  readonly MachineName?: string;
  readonly LogName?: string;
  readonly ProviderName?: string;
  /** The event record id, in decimal. Text, because it is an unsigned 64-bit number. */
  readonly Index?: string;
  /** The SID of the account that logged the event. */
  readonly UserName?: string;
  readonly LevelDisplayName?: string;
  readonly Keywords?: string;
  /**
   * Everything else that the carrier sent: what the agent's ObjectDecoration added, and what an event log
   * says of an event beyond the envelope. Nested names are joined with a dot.
   */
  readonly UserDefined: Fields;
  /** Field names that stand more than once in a rendered description, so that its text can be read in two ways. */
  readonly ambiguous?: readonly string[];
}

/**
 * Fields without any prototype behaviour: `__proto__` and `constructor` are names like any other. Unlike an object
 * whose own prototype is null, one made by a function is no hash table to V8.
 */
function FieldsObject(): void {
  // Only its prototype is wanted.
}
FieldsObject.prototype = Object.freeze(Object.create(null) as object);

/** Empty fields. */
export const newFields = (): Fields => new (FieldsObject as unknown as new () => Fields)(); // true: holds only what is put in

/** Whether a value says nothing: Sysmon writes an absent field as nothing at all or as `-`. */
export const isAbsent = (value: string | undefined): value is '' | '-' | undefined =>
  value === undefined || value === '' || value === '-';
