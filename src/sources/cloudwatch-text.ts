/**
 * The text format of the CloudWatch agent (plugins/inputs/windows_event_log/wineventlog): channel, level, EventID,
 * provider, computer and message, each in brackets. It has neither a record number nor a time: that is the log
 * event's.
 */
import { newFields } from '../sysmon/event.ts';
import type { Carried } from './form.ts';

const TEXT =
  /^\s*\[([^[\]\n]{1,255})\] \[([A-Z]{0,16})\] \[(\d{1,5})\] \[([^[\]\n]{1,255})\] \[([^[\]\n]{1,255})\] \[(.*)\]\s*$/s;

const CAPTIONS: Readonly<Record<string, string>> = {
  INFORMATION: 'Informational',
  WARNING: 'Warning',
  ERROR: 'Error',
  CRITICAL: 'Critical',
  VERBOSE: 'Verbose',
};

/** The parts of such a text; undefined for any other. */
export const readCloudWatchText = (text: string): Carried | undefined => {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const [, channel = '', level = '', eventId = '', provider = '', computer = '', message = ''] = match;
  return {
    provider,
    eventId,
    envelope: {
      LogName: channel,
      MachineName: computer,
      ...(level !== '' && { LevelDisplayName: CAPTIONS[level] ?? level }),
    },
    message,
    userDefined: newFields(),
  };
};
