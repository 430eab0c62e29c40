/**
 * What arrives: a record is the bytes of one event as its carrier wrote it; decoding gives the event, or the
 * reason why there is none.
 */
import type { SysmonEvent } from '../sysmon/event.ts';

export const SOURCE_FORMATS = ['kinesis-agent', 'winlogbeat', 'event-xml', 'quarantine'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** Why a record is no Sysmon event. The record itself is quarantined byte for byte beside its reason. */
export const DECODE_REASONS = [
  'not_utf8',
  'not_json',
  'not_xml',
  /** Valid JSON or XML, but nothing that a known carrier writes. */
  'not_an_event',
  /** An event of another provider. */
  'not_sysmon',
  /** No EventId, or one that is not a number. */
  'no_event_id',
  /** A description that is no Sysmon message and no values beside it. */
  'no_message',
  /** Longer than the largest record that is read whole. */
  'too_large',
  /** The input ended inside this record. */
  'truncated',
] as const;
export type DecodeReason = (typeof DECODE_REASONS)[number];

export type Decoded =
  | { readonly event: SysmonEvent; readonly reason?: undefined }
  | { readonly event?: undefined; readonly reason: DecodeReason };

/** One record of an input. */
export interface RawRecord {
  readonly bytes: Uint8Array;
  /** Number of the record in its input, from 0. */
  readonly index: number;
  /** Set where the splitter already knows that the record cannot be read. */
  readonly reason?: 'too_large' | 'truncated';
}
