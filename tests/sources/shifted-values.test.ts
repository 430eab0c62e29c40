/** Values that a forwarder has moved up into the places of empty ones, for every event, list of fields and empty field. */
import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../../src/sources/decode.ts';
import { catalogue, fieldLists } from '../../src/sysmon/catalogue.ts';
import { isNeverEmpty, valueKind } from '../../src/sysmon/field-value.ts';
import { sampleEvent } from '../../src/sysmon/sample.ts';

/** What stands behind one of these, an account or a file name or a text, can be its value, too. */
const INDISTINCT = new Set(['Details', 'CommandLine', 'Hash']);

/** Sysmon always says it. */
const NEVER_EMPTY = new Set(['EventType']);

interface Case {
  readonly eventId: number;
  readonly empty: string;
  readonly names: readonly string[];
  readonly truth: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [...catalogue.values()].flatMap((kind) =>
  fieldLists(kind).flatMap((names) => {
    const sample = sampleEvent(kind.id, 'full')?.Description ?? {};
    if (!names.every((name) => sample[name] !== undefined)) return [];
    return names
      .filter((name) => !isNeverEmpty(valueKind(name)) && !INDISTINCT.has(name) && !NEVER_EMPTY.has(name))
      .map((empty) => ({
        eventId: kind.id,
        empty,
        names,
        truth: Object.fromEntries(names.map((name) => [name, name === empty ? '' : (sample[name] ?? '')])),
      }));
  }),
);

const record = ({ eventId, names }: Case, shown: readonly string[], values?: readonly string[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      EventId: eventId,
      Description: [
        catalogue.get(eventId)?.titles[0],
        ...names.map((name, at) => `${name}: ${shown[at] ?? `%${at + 1}`}`),
      ].join('\r\n'),
      LogName: 'ForwardedEvents',
      MachineName: 'host1.example.com',
      ProviderName: 'Microsoft-Windows-Sysmon',
      TimeCreated: '2026-01-02T03:04:05.678Z',
      ...(values !== undefined && { EventData: values }),
    }),
  );

/** The fields that have another value than the event's own. */
const wrong = (bytes: Buffer, truth: Case['truth']): string[] => {
  const { event } = decodeRecord(bytes, 'auto');
  return Object.entries(event?.Description ?? {})
    .filter(([name, value]) => value.trim() !== '' && value !== truth[name])
    .map(([name, value]) => `${name}: ${value}`);
};

describe('values that have moved up', () => {
  it('are tried in every event that has fields that can be empty', () => {
    expect(cases.length).toBeGreaterThan(300);
    expect(new Set(cases.map(({ eventId }) => eventId)).size).toBeGreaterThan(25);
  });

  it.each(cases.map((one) => [one.eventId, one.names.length, one.empty, one] as const))(
    'never stand under a wrong name: event %i with %i fields, %s empty',
    (_, __, ___, one) => {
      const values = one.names.map((name) => one.truth[name] ?? '');
      const kept = values.filter((value) => value !== '');
      expect(wrong(record(one, kept), one.truth)).toEqual([]);
      expect(wrong(record(one, kept, kept), one.truth)).toEqual([]);
      // Where the text is whole, nothing is lost.
      const whole = decodeRecord(record(one, values, kept), 'auto');
      expect(wrong(record(one, values, kept), one.truth)).toEqual([]);
      expect(whole.event?.Description).toMatchObject(
        Object.fromEntries(Object.entries(one.truth).filter(([, value]) => value !== '')),
      );
    },
  );
});
