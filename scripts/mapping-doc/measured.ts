/**
 * What was counted on real events: 37,959 in the wire form of Kinesis Agent for Windows and 256 of Winlogbeat, made
 * from OTRF/Security-Datasets (MIT), and 61 as Event XML from mdecrevoisier/EVTX-to-MITRE-Attack (CC0).
 * tests/mapping-doc.test.ts counts again where the events are at hand.
 */

export interface ConversionFailure {
  readonly eventId: number;
  readonly attribute: string;
  readonly events: number;
  readonly text: string;
  readonly why: string;
}

export const MEASURED = {
  events: 38_276,
  /** How many there are of the EventIDs that the page speaks of. */
  eventsById: { 3: 2_612, 15: 48, 22: 202 } as Readonly<Record<number, number>>,
  /** Events whose UtcTime is more than a minute off from TimeCreated; no others are. */
  offByMoreThanMinute: { 3: 677, 22: 46 } as Readonly<Record<number, number>>,
};

/** All that does not convert, the same in both mapping files. */
export const CONVERSION_FAILURES: readonly ConversionFailure[] = [
  {
    eventId: 15,
    attribute: 'file.hashes',
    events: 21,
    text: '`Hash` is `Unknown`',
    why: 'Sysmon had no hash to give. OCSF wants an algorithm and a value.',
  },
  {
    eventId: 22,
    attribute: 'answers',
    events: 5,
    text: '`QueryResults` has items without data: `type:  6 ;`, `type:  33 ;172.18.38.5;`',
    why: `Sysmon prints the types of some records and not their data, and OCSF requires \`rdata\` of an answer. The answers
that have it are kept, and the whole text is in \`unmapped\` beside them.`,
  },
];
