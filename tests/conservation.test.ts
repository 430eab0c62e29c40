import { describe, expect, it } from '@jest/globals';
import { missingFields } from './conservation.ts';
import { eventOf } from './mapping/mappings.ts';

const missing = (
  Description: Readonly<Record<string, string>>,
  record: Readonly<Record<string, unknown>>,
  rest: Parameters<typeof eventOf>[1] = {},
): string[] => missingFields(eventOf({ UtcTime: '', ...Description }, rest), record);

describe('a field is not missing', () => {
  it.each([
    ['its text stands somewhere', 'C:\\a.exe', { process: { file: { path: 'C:\\a.exe' } } }],
    ['its text stands in a list', 'r', { metadata: { labels: ['q', 'r'] } }],
    ['its number does', '6196', { process: { pid: 6196 } }],
    ['its hexadecimal number does', '0x3E7', { process: { pid: 999 } }],
    ['its time does', '2020-06-10 02:50:54.631', { time: Date.UTC(2020, 5, 10, 2, 50, 54, 631) }],
    ['its address does', '0:0:0:0:0:0:0:1', { src_endpoint: { ip: '::1' } }],
    [
      'its GUID does',
      '{6a910b9d-498a-5ee0-c903-000000000400}',
      { uuid: '6a910b9d-498a-5ee0-c903-000000000400' },
    ],
    ['it is true, and something is', 'true', { is_remote: true }],
    ['its parts stand together: a user', 'A\\b', { user: { name: 'b', domain: 'A' } }],
    [
      'its parts stand together: a registry value',
      'HKLM\\a\\b',
      { reg_value: { path: 'HKLM\\a', name: 'b' } },
    ],
    ['its parts stand together: a stream', 'C:\\a:b', { file: { path: 'C:\\a' }, stream: 'b' }],
    [
      'its parts stand together: hashes',
      'MD5=AA,SHA1=BB',
      {
        hashes: [
          { algorithm_id: 1, value: 'AA' },
          { algorithm_id: 2, value: 'BB' },
        ],
      },
    ],
    [
      'its parts stand together: answers',
      'type:  5 a.test;::ffff:1.2.3.4;0:0:0:0:0:0:0:1;-;',
      { answers: [{ rdata: 'a.test' }, { rdata: '1.2.3.4' }, { rdata: '::1' }] },
    ],
    ['it is in unmapped', 'x', { unmapped: { Field: 'x' } }],
    ['it is in unmapped, under a longer name', 'x', { unmapped: { 'Description.Field': 'x' } }],
    [
      'it is in unmapped, under a name that the mapping chose',
      'long enough',
      { unmapped: { own: 'long enough' } },
    ],
    ['it says nothing', '', {}],
    ['it says nothing, in a word', '-', {}],
  ])('where %s', (_, Field, record) => {
    expect(missing({ Field }, record)).toEqual([]);
  });

  it('where an id says it', () => {
    expect(missing({ Initiated: 'true' }, { connection_info: { direction_id: 2 } })).toEqual([]);
    expect(missing({ Initiated: 'true' }, { connection_info: { direction_id: 1 } })).toEqual(['Initiated']);
    expect(missing({ Initiated: 'constructor' }, { connection_info: {} })).toEqual(['Initiated']);
    expect(missing({ Initiated: 'true' }, {})).toEqual(['Initiated']);
  });
});

describe('a field is missing', () => {
  it.each([
    ['there is nothing', 'x', {}],
    ['there is another text', 'C:\\a.exe', { file: { path: 'C:\\b.exe', name: 'a.exe' } }],
    ['there is another number', '6196', { process: { pid: 6197 } }],
    ['there is only an id of that number', '1', { severity_id: 1, class_uid: 1 }],
    ['there is only a name of that text', 'pid', { process: { pid: 4 } }],
    ['the time is cut short', '2022-05-13T08:54:05.1234567Z', { time: Date.UTC(2022, 4, 13, 8, 54, 5, 123) }],
    ['only a part is there: a user', 'A\\b', { user: { name: 'b' } }],
    ['its parts are apart', 'A\\b', { user: { name: 'b' }, other: { domain: 'A' } }],
    ['only a part is there: hashes', 'MD5=AA,SHA1=BB', { hashes: [{ algorithm_id: 1, value: 'AA' }] }],
    ['a hash is of another kind', 'MD5=AA', { hashes: [{ algorithm_id: 2, value: 'AA' }] }],
    ['a hash is empty', 'MD5=', { hashes: [{ algorithm_id: 1, value: '' }] }],
    ['only a part is there: answers', 'type:  5 a.test;1.2.3.4;', { answers: [{ rdata: 'a.test' }] }],
    ['an answer was cut off', '1.2.3.4;::ff', { answers: [{ rdata: '1.2.3.4' }] }],
    ['something else is true', 'false', { is_remote: true }],
    ['another field of that text is in unmapped', 'true', { unmapped: { Other: 'true' } }],
    ['another number of that text is in unmapped', '4', { unmapped: { SourceThreadId: '4' } }],
    ['only an observable has it', 'host', { observables: [{ value: 'host' }] }],
  ])('where %s', (_, Field, record) => {
    expect(missing({ Field }, record)).toEqual(['Field']);
  });

  it('wherever it is: in the event, its envelope or what the agent added', () => {
    const rest = { MachineName: 'h', Index: '7', UserDefined: { source_instance_id: 's' } };
    expect(missing({ Image: 'i' }, {}, rest)).toEqual([
      'Image',
      'envelope.MachineName',
      'envelope.Index',
      'UserDefined.source_instance_id',
    ]);
    expect(
      missing({}, { device: { hostname: 'h', instance_uid: 's' }, metadata: { sequence: 7 } }, rest),
    ).toEqual([]);
  });
});
