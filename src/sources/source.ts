/**
 * What arrives: a record is the bytes of one event as its carrier wrote it; decoding gives the event, or the
 * reason why there is none.
 */
import type { SysmonEvent } from '../sysmon/event.ts';

export const SOURCE_FORMATS = [
  'kinesis-agent',
  'fluent-bit',
  'winlogbeat',
  'elastic-agent',
  'event-xml',
  /** An event as text in a JSON document of another kind: Splunk, Azure diagnostics, log routers. */
  'text-in-json',
  /** The envelope of a CloudWatch Logs subscription. */
  'cloudwatch-logs',
  /** The text format of the CloudWatch agent. */
  'cloudwatch-text',
  'nxlog',
  /** evtx_dump, Chainsaw, Hayabusa; and `.evtx` files, whose events are read into this form. */
  'evtx-json',
  'get-winevent',
  'vector',
  'opentelemetry',
  'wazuh',
  /** The tables Event and WindowsEvent of Azure Monitor. */
  'azure-monitor',
  'quarantine',
] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

/** Why a record is no Sysmon event. The record itself is quarantined byte for byte beside its reason. */
export const DECODE_REASONS = [
  'not_utf8',
  'not_json',
  'not_xml',
  /** Valid JSON, XML or text, but nothing that a known carrier writes. */
  'not_an_event',
  /** An event of another provider. */
  'not_sysmon',
  /** An EventID that is not a number. */
  'no_event_id',
  /** A known form without its provider, EventID, host or time. */
  'incomplete_envelope',
  /** Neither values nor a text. */
  'no_message',
  /** A text, or values without names, that cannot be read completely. */
  'unreadable_text',
  /** Part of a binary event log that is damaged. */
  'damaged',
  /** Longer than the largest record that is read whole. */
  'too_large',
  /** The input ended inside this record. */
  'truncated',
] as const;
export type DecodeReason = (typeof DECODE_REASONS)[number];

/** How the fields of an event were obtained. */
export type Obtained = 'named' | 'positional' | 'text' | 'localised text';

export type Decoded =
  | {
      readonly event: SysmonEvent;
      /** The form of the innermost document that held the event. */
      readonly format: SourceFormat;
      readonly obtained: Obtained;
      readonly reason?: undefined;
    }
  | { readonly event?: undefined; readonly reason: DecodeReason };

/** One record of an input. */
export interface RawRecord {
  readonly bytes: Uint8Array;
  /** Number of the record in its input, from 0. */
  readonly index: number;
  /** Set where the splitter already knows that the record cannot be read. */
  readonly reason?: 'too_large' | 'truncated' | 'damaged';
}
