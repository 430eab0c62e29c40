/**
 * What a form is: the shape in which an agent delivers an event. A form names the parts of a document; which of them
 * are believed is decided in one place for all forms (sysmon/reading.ts).
 */
import type { EnvelopeKey, Fields } from '../sysmon/event.ts';
import type { JsonObject } from './json.ts';
import type { DecodeReason, SourceFormat } from './source.ts';

/** Parts of the envelope; an empty part says nothing and is left out. */
export type Envelope = Partial<Record<EnvelopeKey, string>>;

/** The parts of one event as its carrier gives them, none of them believed yet. */
export interface Carried {
  /** The provider's name: a string, or whatever stands in its place. */
  readonly provider: unknown;
  /** The EventID: a number or its decimal text, or whatever stands in its place. */
  readonly eventId: unknown;
  /**
   * All but ProviderName. TimeCreated is an instant in UTC (`instantText` of sysmon/instant.ts); a time that names no
   * zone is not put here but kept in `userDefined`. LevelDisplayName is `levelCaption` of a numeric level, where the
   * carrier has one.
   */
  readonly envelope: Envelope;
  /** Values by name, in the carrier's order and spelling. Absent where it sends none. */
  readonly named?: Fields;
  /** Names of `named` that stood more than once; the first value is the field's. */
  readonly repeated?: readonly string[];
  /** Values without names, in the order of the manifest: JSON values. */
  readonly positional?: readonly unknown[];
  /** The rendered text. */
  readonly message?: string;
  /** Under which names `userDefined` keeps values and a text that were not used. */
  readonly keepAs?: { readonly positional?: string; readonly message?: string };
  /** Fills fields that neither values nor text have, from what the carrier has rewritten. Called last. */
  readonly recover?: (fields: Fields) => void;
  /** Everything else that the carrier sent. Never contains what is said elsewhere in these parts. */
  readonly userDefined: Fields;
  /** Set by a form whose documented records lack parts of the envelope that all other forms have. */
  readonly partialEnvelope?: true;
}

/** A document or a text that carries another one: a log service's envelope, a syslog header. */
export interface Wrapped {
  /** What it carries: text (Event XML, JSON, rendered), or a document. */
  readonly inner: string | JsonObject;
  /** What the wrapping says beside it. */
  readonly userDefined: Fields;
  /** When the event was logged, as the wrapping knows it: for an event that does not say so itself. ISO 8601 in UTC. */
  readonly loggedAt?: string;
}

export interface Refused {
  readonly reason: DecodeReason;
}

/** A form of JSON documents. */
export interface Form {
  readonly name: SourceFormat;
  /** Whether a document is of this form: it has keys that no other form has. Cheap, never throws. */
  readonly recognises: (document: JsonObject) => boolean;
  /** The parts of such a document. Never throws. */
  readonly read: (document: JsonObject) => Carried | Wrapped | Refused;
}
