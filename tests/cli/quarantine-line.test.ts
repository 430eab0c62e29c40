import { describe, expect, it } from '@jest/globals';
import { quarantineLine } from '../../src/cli/quarantine-line.ts';

const WHERE = 'see lake/quarantine';

describe('quarantineLine', () => {
  it('says how many, why, what they look like, and where they are', () => {
    const counts = {
      received: 1310,
      quarantined: 12,
      byReason: { not_json: 2, not_sysmon: 10 },
      byAppearance: {
        'not_json a CSV export of Event Viewer; export as XML instead': 1,
        'not_sysmon Windows Security events': 9,
      },
    };
    expect(quarantineLine(counts, WHERE)).toBe(
      '12 of 1,310 records are in quarantine: 10 not_sysmon (these look like Windows Security events), 2 not_json ' +
        '(these look like a CSV export of Event Viewer; export as XML instead); see lake/quarantine',
    );
  });

  it('says of a command that keeps none where they would go', () => {
    const counts = { received: 1, quarantined: 1, byReason: { no_time: 1 }, byAppearance: {} };
    expect(quarantineLine(counts, WHERE, false)).toBe(
      '1 of 1 record would go to quarantine: 1 no_time; see lake/quarantine',
    );
  });

  it('speaks of one record as of one', () => {
    const byAppearance = { 'not_xml HTML': 1 };
    expect(
      quarantineLine({ received: 9, quarantined: 1, byReason: { not_xml: 1 }, byAppearance }, WHERE),
    ).toBe('1 of 9 records is in quarantine: 1 not_xml (these look like HTML); see lake/quarantine');
  });

  it('says nothing where everything was read', () => {
    expect(
      quarantineLine({ received: 3, quarantined: 0, byReason: {}, byAppearance: {} }, WHERE),
    ).toBeUndefined();
  });

  it('names the most frequent reasons and appearances alone, in an order that is always the same', () => {
    const counts = {
      received: 10,
      quarantined: 10,
      byReason: { a: 1, d: 3, c: 3, b: 2 },
      byAppearance: { 'c HTML': 1, 'c Zeek logs': 1, 'c a PDF': 1, 'd HTML': 3, 'cc binary data': 3 },
    };
    expect(quarantineLine(counts, WHERE)).toBe(
      '10 of 10 records are in quarantine: 3 c (these look like HTML, Zeek logs, …), 3 d (these look like HTML), 2 b, …; see lake/quarantine',
    );
  });
});
