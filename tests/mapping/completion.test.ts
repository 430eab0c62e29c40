import { describe, expect, it } from '@jest/globals';
import { attributeOf, eventOf, mapWith } from './mappings.ts';

const WIN = { name: 'win', uid: '2', version: '1.1.0' };

describe('metadata', () => {
  it('names the extension that defines the class', () => {
    const { record } = mapWith({}, eventOf({}), { schema: 'registry_key_activity' });
    expect(record.metadata).toMatchObject({ extensions: [WIN] });
  });

  it('names none for a class of OCSF itself', () => {
    expect(mapWith({}, eventOf({})).record.metadata).not.toHaveProperty('extensions');
  });

  it('has the extensions that the mapping states', () => {
    const extensions = [{ name: 'own', uid: '9', version: '1' }];
    const metadata = { version: '1.1.0', extensions };
    expect(attributeOf('metadata', metadata, {}, { schema: 'registry_key_activity' })).toMatchObject({
      extensions,
    });
  });

  it('has the uid of the event, where the mapping states none', () => {
    const uid = /^[0-9a-f]{32}$/;
    expect(mapWith({}, eventOf({})).record.metadata).toMatchObject({
      uid: expect.stringMatching(uid) as unknown,
    });
    expect(attributeOf('metadata', { version: '1.1.0', uid: 'own' }, {})).toMatchObject({ uid: 'own' });
  });
});

describe('type_uid', () => {
  const typeOf = (node: Readonly<Record<string, unknown>>, x = ''): Record<string, unknown> => {
    const { type_uid, type_name } = mapWith(node, eventOf({ x })).record;
    return { type_uid, type_name };
  };

  it('is of the class and the activity, with the name that OCSF has for it', () => {
    expect(typeOf({ activity_id: 1 })).toEqual({
      type_uid: 100701,
      type_name: 'Process Activity: Launch',
    });
    expect(typeOf({ activity_id: '$.Description.x' }, '3')).toEqual({
      type_uid: 100703,
      type_name: 'Process Activity: Open',
    });
  });

  it('is absent without an activity', () => {
    expect(typeOf({})).toEqual({});
    expect(typeOf({ activity_id: '$.Description.x' }, '77')).toEqual({});
  });

  it('has the name that the mapping states', () => {
    expect(typeOf({ activity_id: 1, type_name: 'own' })).toEqual({ type_uid: 100701, type_name: 'own' });
  });
});
