import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attributeAt, captionOf, visibleAttributes } from '../../src/ocsf/attributes.ts';
import { ocsfSchema } from '../../src/ocsf/schemas.ts';

const schema = ocsfSchema('1.1.0')!;
const fileActivity = schema.classes.file_activity!;

describe('visibleAttributes', () => {
  it('leaves out what belongs to profiles that the record does not name', () => {
    const visible = visibleAttributes(fileActivity, []);
    expect(visible.has('file')).toBe(true);
    expect(visible.has('action_id')).toBe(false);
    expect(visible.has('time_dt')).toBe(false);
  });

  it('adds what belongs to a profile that the record names', () => {
    const visible = visibleAttributes(fileActivity, ['security_control', 'datetime']);
    expect(visible.get('action_id')?.requirement).toBe('required');
    expect(visible.has('time_dt')).toBe(true);
    expect(visible.has('cloud')).toBe(false);
  });

  it('gives the same map for the same profiles, whatever their order and whatever else is named', () => {
    const once = visibleAttributes(fileActivity, ['datetime', 'cloud']);
    expect(visibleAttributes(fileActivity, ['cloud', 'nothing', null, 'datetime'])).toBe(once);
    expect(visibleAttributes(fileActivity, ['cloud'])).not.toBe(once);
  });

  it('shows an attribute exactly when it has no profiles or one of them is named', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(schema.classes), ...Object.values(schema.objects)),
        fc.subarray([...schema.profiles]),
        (item, profiles) => {
          const expected = Object.keys(item.attributes).filter((name) => {
            const needed = item.attributes[name]!.profiles;
            return needed === undefined || needed.some((profile) => profiles.includes(profile));
          });
          expect([...visibleAttributes(item, profiles).keys()]).toEqual(expected);
        },
      ),
    );
  });
});

describe('attributeAt', () => {
  it('walks through objects and arrays of objects', () => {
    expect(attributeAt(schema, fileActivity, ['actor', 'process', 'file', 'hashes', 'value'])?.type).toBe(
      'file_hash_t',
    );
    expect(attributeAt(schema, fileActivity, ['file'])?.object).toBe('file');
  });

  it('sees the attributes of every profile', () => {
    expect(attributeAt(schema, fileActivity, ['attacks', 'technique', 'uid'])?.type).toBe('string_t');
  });

  it.each([
    [[]],
    [['nothing']],
    [['file', 'nothing']],
    [['time', 'below']],
    [['unmapped', 'below']],
    [['constructor']],
    [['file', 'toString']],
  ])('finds nothing at %j', (path) => {
    expect(attributeAt(schema, fileActivity, path)).toBeUndefined();
  });
});

describe('captionOf', () => {
  const activityId = fileActivity.attributes.activity_id!;

  it('names an id given as a number or as text', () => {
    expect(captionOf(activityId, 6)).toBe('Set Attributes');
    expect(captionOf(activityId, '6')).toBe('Set Attributes');
  });

  it('does not name ids that are not listed, nor those of an attribute without a list', () => {
    expect(captionOf(activityId, 50)).toBeUndefined();
    expect(captionOf(activityId, 'constructor')).toBeUndefined();
    expect(captionOf(fileActivity.attributes.time!, 1)).toBeUndefined();
  });
});
