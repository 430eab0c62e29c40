import { describe, expect, it } from '@jest/globals';
import { quarantineLine } from '../../src/cli/quarantine-line.ts';

describe('quarantineLine', () => {
  it('says how many, why, what they look like, and where they are', () => {
    const counts = {
      received: 1310,
      quarantined: 12,
      byReason: { not_json: 2, not_sysmon: 10 },
      byAppearance: { HTML: 1, 'PowerShell events': 10 },
    };
    expect(quarantineLine(counts, 'they are in lake/quarantine')).toBe(
      '12 of 1310 records could not be read or mapped (10 not_sysmon, 2 not_json); these look like: PowerShell events, HTML; they are in lake/quarantine',
    );
  });

  it('says nothing where everything was read', () => {
    expect(
      quarantineLine({ received: 3, quarantined: 0, byReason: {}, byAppearance: {} }, 'x'),
    ).toBeUndefined();
  });

  it('names a few reasons alone', () => {
    const byReason = { a: 1, b: 2, c: 3, d: 4 };
    expect(quarantineLine({ received: 10, quarantined: 10, byReason, byAppearance: {} }, 'x')).toBe(
      '10 of 10 records could not be read or mapped (4 d, 3 c, 2 b, …); x',
    );
  });
});
