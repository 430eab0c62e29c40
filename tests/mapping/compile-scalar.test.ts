import { describe, expect, it } from '@jest/globals';
import { eventOf, mapWith, nodeText, told } from './mappings.ts';

const AT = '/custom_source_events/ocsf_mapping/1/schema_mapping';

describe('a JSONPath', () => {
  it('gives an attribute the first value that fits, and tells of those that do not', () => {
    const event = eventOf({ Image: 'i', Own: '7', Other: '8' });
    const { record, failed } = mapWith({ count: '$.Description[Image,Own,Other]' }, event);
    expect(record.count).toBe(7);
    expect(failed).toEqual(['count']);
  });

  it('gives a list all values that are there', () => {
    const metadata = { version: '1.1.0', labels: ['$.Description[Image,Own,Other]'] };
    const { record, failed } = mapWith({ metadata }, eventOf({ Image: 'i', Own: '-', Other: 'x' }));
    expect(record.metadata).toMatchObject({ labels: ['i', 'x'] });
    expect(failed).toEqual([]);
  });

  it('keeps a field of its own that a plain path reads as well: that is not in unmapped', () => {
    const count = { first: ['$.Description.Image', '$..Image'] };
    const node = { message: '$..Image', count };
    const { record } = mapWith(node, eventOf({ Image: 'i', Own: 'o' }));
    expect(record).toMatchObject({ message: 'i', unmapped: { Own: 'o' } });
    expect(record.unmapped).not.toHaveProperty('Image');
  });

  it('that finds nothing gives nothing', () => {
    const { record, failed } = mapWith({ count: '$..Nothing' }, eventOf({}));
    expect(record).not.toHaveProperty('count');
    expect(failed).toEqual([]);
  });
});

describe('a converter', () => {
  const convert = (to: string): unknown => ({ convert: { evaluate: '$.Description.x', to } });
  const warnings = (to: string): [string, string][] =>
    told(nodeText({ count: convert(to) }), 'warning').filter(([pointer]) =>
      pointer.startsWith(`${AT}/count`),
    );

  it('of another type than OCSF wants is warned of', () => {
    expect(warnings('unquoted')).toEqual([
      [`${AT}/count`, 'OCSF wants integer_t at count, which converter unquoted does not give'],
    ]);
  });

  it('of the type that OCSF wants is not', () => {
    expect(warnings('integer')).toEqual([]);
  });
});
