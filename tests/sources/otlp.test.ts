import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readOtlp } from '../../src/sources/otlp.ts';
import type { JsonObject } from '../../src/sources/json.ts';
import { damaged, lostFrom } from './form-parts.ts';

const documentOf = (body: unknown, more: JsonObject = {}): JsonObject => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'host.name', value: { stringValue: 'collector' } }] },
      schemaUrl: 'u',
      scopeLogs: [
        {
          scope: {
            name: 'receiver',
            version: '1.2',
            attributes: [{ key: 'name', value: { intValue: '3' } }],
          },
          logRecords: [
            {
              timeUnixNano: '1609556645678901234',
              severityText: 'INFO',
              attributes: [{ key: 'a', value: { boolValue: true } }],
              traceId: '',
              body,
              ...more,
            },
          ],
        },
      ],
    },
  ],
});
const read = (body: unknown, more: JsonObject = {}) => {
  const parts = readOtlp(documentOf(body, more));
  if ('reason' in parts) throw new Error(parts.reason);
  return parts;
};

describe('readOtlp', () => {
  it('unwraps a text, and keeps what the record, its scope and its resource say', () => {
    const { inner, userDefined, loggedAt } = read({ stringValue: '<Event/>' });
    expect([inner, loggedAt]).toEqual(['<Event/>', '2021-01-02T03:04:05.6789012Z']);
    expect({ ...userDefined }).toEqual({
      'resourceLogs.schemaUrl': 'u',
      'resource.host.name': 'collector',
      'scope.name': 'receiver',
      'scope.version': '1.2',
      'scope.attributes.name': '3',
      timeUnixNano: '1609556645678901234',
      severityText: 'INFO',
      'attributes.a': 'true',
    });
  });

  it('unwraps typed values', () => {
    const values = [
      { key: 's', value: { stringValue: 'x' } },
      { key: 'i', value: { intValue: '12345678901234567' } },
      { key: 'b', value: { boolValue: false } },
      { key: 'd', value: { doubleValue: 1.5 } },
      { key: 'y', value: { bytesValue: 'AAE=' } },
      { key: 'l', value: { arrayValue: { values: [{ stringValue: 'x' }, {}] } } },
      { key: 'k', value: { kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } } },
      { key: 'e', value: {} },
      { key: 's', value: { stringValue: 'later' } },
      { key: '__proto__', value: { stringValue: 'p' } },
      'no pair',
    ];
    expect(Object.entries(read({ kvlistValue: { values } }).inner)).toEqual([
      ['s', 'x'],
      ['i', '12345678901234567'],
      ['b', false],
      ['d', 1.5],
      ['y', 'AAE='],
      ['l', ['x', undefined]],
      ['k', expect.objectContaining({ a: 1 })],
      ['e', undefined],
      ['__proto__', 'p'],
    ]);
  });

  it.each([undefined, null, {}, { intValue: 1 }, { arrayValue: { values: [] } }, 7, []])(
    'finds no event in the body %j',
    (body) => {
      expect(readOtlp(documentOf(body))).toEqual({ reason: 'not_an_event' });
    },
  );

  it.each([
    { resourceLogs: [] },
    { resourceLogs: [{}] },
    { resourceLogs: [{ scopeLogs: [{ logRecords: [] }] }] },
    { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'a' } }, {}] }] }] },
    { resourceLogs: 'x' },
  ])('takes %j, which is not one record, for no event', (document) => {
    expect(readOtlp(document)).toEqual({ reason: 'not_an_event' });
  });

  it.each(['0', '', undefined, 'x', -1])('knows no time in %j', (timeUnixNano) => {
    expect(read({ stringValue: 'x' }, { timeUnixNano }).loggedAt).toBeUndefined();
  });

  it('never throws, whatever stands in its places', () => {
    const body = { kvlistValue: { values: [{ key: 'a', value: { arrayValue: { values: [{}] } } }] } };
    fc.assert(fc.property(damaged(documentOf(body)), (hostile) => void readOtlp(hostile)));
  });

  it('loses no value', () => {
    const document = documentOf({ stringValue: 'text' });
    const names = ['host.name', 'name', 'a']; // keys of pairs
    expect(lostFrom(document, read({ stringValue: 'text' })).filter((text) => !names.includes(text))).toEqual(
      [],
    );
  });
});
