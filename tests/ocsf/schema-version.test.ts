import { describe, expect, it } from '@jest/globals';
import { relationOfVersion } from '../../src/ocsf/schema-version.ts';

describe('relationOfVersion', () => {
  it.each([
    ['1.1.0', 'same'],
    ['1.0.9', 'earlier'],
    ['0.99.0', 'earlier'],
    ['1.0.0-rc.2', 'earlier'],
    ['1.1.1', 'later'],
    ['1.10.0', 'later'],
    ['2.0.0', 'later'],
    ['1.1.0-dev', 'later'],
    ['v1.1.0', 'malformed'],
    ['1.1', 'malformed'],
    ['', 'malformed'],
  ])('reads %j, beside 1.1.0, as %s', (version, relation) => {
    expect(relationOfVersion(version, '1.1.0')).toBe(relation);
  });
});
