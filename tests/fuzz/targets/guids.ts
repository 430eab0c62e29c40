/** Process GUIDs and times. */
import fc from 'fast-check';
import {
  isNullGuid,
  normaliseGuid,
  NULL_GUID,
  processStartSeconds,
} from '../../../src/sysmon/process-guid.ts';
import { compileTimeFormat, parseUtcTime, TimeFormatError } from '../../../src/sysmon/time.ts';
import { hold, promised, same } from '../promise.ts';
import type { Target } from '../promise.ts';
import { damaged, text } from '../texts.ts';

const seconds = fc.integer({ min: 0, max: 0xffff_ffff });
const guidOf = (second: number): string => {
  const hex = second.toString(16).padStart(8, '0');
  return `5fe2a7c1-${hex.slice(4)}-${hex.slice(0, 4)}-0102-000000000500`;
};
const guid = fc.oneof(seconds.map(guidOf), fc.uuid());
const written = damaged(
  fc
    .tuple(guid, fc.nat(2))
    .map(([one, how]) => (how === 0 ? one : how === 1 ? `{${one}}` : `{${one.toUpperCase()}}`)),
  fc.constantFrom('{', '}', '-', '\n', 'g', '0', ' '),
);

export const guids: Target = {
  name: 'guids',
  of: 'src/sysmon/process-guid.ts, src/sysmon/time.ts',
  promises: [
    promised(
      'are normalised once and for all, in braces or without, and nothing else is a GUID',
      fc.property(fc.oneof(written, text), (any) => {
        const normal = normaliseGuid(any);
        const start = processStartSeconds(any);
        if (normal === undefined) {
          same(start, undefined, 'start');
          return;
        }
        hold(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(normal), 'not in the one form');
        same([normaliseGuid(normal), normaliseGuid(`{${normal.toUpperCase()}}`)], [normal, normal], 'forms');
        hold(any.toLowerCase() === normal || any.toLowerCase() === `{${normal}}`, 'another GUID');
        same(start === undefined, isNullGuid(any), 'start');
        same(isNullGuid(any), normal === NULL_GUID, 'null');
      }),
      { runs: 1_000 },
    ),
    promised(
      'tell the second in which the process started',
      fc.property(seconds, (second) => same(processStartSeconds(`{${guidOf(second)}}`), second)),
      { runs: 300 },
    ),
    promised(
      'times: any text is a time that a calendar has, or none; any format is one or told to be none',
      fc.property(
        fc.oneof(
          text,
          damaged(
            fc.constantFrom(
              '2020-06-10 02:50:54.631',
              '2020-02-29T23:59:59.9999999Z',
              '2020-01-01T00:00:00+14:00',
            ),
            fc.constantFrom('9', '-', ':', '.', 'Z', '+'),
          ),
        ),
        fc.oneof(
          text,
          fc
            .array(
              fc.constantFrom(
                '%Y',
                '%m',
                '%d',
                '%H',
                '%M',
                '%S',
                '%f',
                '%z',
                '%%',
                '%j',
                '%',
                '-',
                '(',
                '.*',
                ' ',
                'T',
              ),
              { maxLength: 12 },
            )
            .map((parts) => parts.join('')),
          fc.constant('%Y-%m-%d %H:%M:%S.%f'),
        ),
        (any, format) => {
          const times = [parseUtcTime(any)];
          try {
            times.push(compileTimeFormat(format)(any));
          } catch (error) {
            hold(error instanceof TimeFormatError, () => `throws ${String(error)}`);
          }
          for (const timeMs of times) {
            hold(
              timeMs === undefined ||
                (Number.isSafeInteger(timeMs) && !Number.isNaN(new Date(timeMs).getTime())),
              'no time',
            );
          }
        },
      ),
      { runs: 1_000 },
    ),
  ],
};
