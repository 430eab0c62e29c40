/** What `explain` says about a record that goes to quarantine. */
import type { MapReason } from '../pipeline.ts';
import { appearanceOf } from '../sources/appearance.ts';
import { DECODE_REASONS } from '../sources/source.ts';
import type { DecodeReason } from '../sources/source.ts';

const REASONS: Readonly<Record<DecodeReason | MapReason, string>> = {
  not_utf8: 'The bytes are not UTF-8 text.',
  not_json: 'The record is neither JSON nor Event XML, or it is damaged.',
  not_xml: 'The record is not well-formed XML.',
  not_an_event: 'No supported agent writes such a document.',
  not_sysmon: 'The event is from another provider than Sysmon.',
  no_event_id: 'The EventID is not a number from 0 to 65,535.',
  incomplete_envelope: 'The form is known, but the provider, the EventID, the host or the time is missing.',
  no_message: 'The event has neither values nor a message.',
  unreadable_text:
    'The message, or the values without names, cannot be read completely: the language or the version of Sysmon is not known.',
  damaged: 'This part of a binary event log is damaged.',
  too_large: 'The record is larger than the largest that is read.',
  truncated: 'The input ends inside this record.',
  no_mapping: 'The mapping file has no entry for this event.',
  no_time: 'The event has no time that can be read.',
  not_mappable: 'The mapping cannot be applied to this event.',
};

const isKnown = (reason: string): reason is keyof typeof REASONS => Object.hasOwn(REASONS, reason);

/** The reason in a sentence, and what the record looks like. */
export function explainQuarantine(reason: string, bytes: Uint8Array): string {
  const unread = DECODE_REASONS.find((known) => known === reason);
  const appearance = unread === undefined ? undefined : appearanceOf(bytes, unread);
  const looks = appearance === undefined ? '' : `\n  looks like: ${appearance}`;
  return `✗ goes to quarantine: ${reason}${isKnown(reason) ? `\n  ${REASONS[reason]}` : ''}${looks}\n`;
}
