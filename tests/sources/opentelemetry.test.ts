import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { openTelemetry } from '../../src/sources/opentelemetry.ts';
import { carriedBy, damaged, lostFrom, wrappedBy } from './form-parts.ts';

const GUID = '{11111111-2222-3333-0000-000000000001}';
const VALUES = {
  UtcTime: '2021-01-02 03:04:05.678',
  ProcessGuid: GUID,
  ProcessId: '42',
  Image: 'C:\\a.exe',
  User: 'H\\u',
};
const BODY = {
  event_id: { qualifiers: 0, id: 5 },
  provider: {
    name: 'Microsoft-Windows-Sysmon',
    guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
    event_source: '',
  },
  system_time: '2021-01-02T03:04:05.6789012Z',
  computer: 'host',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  record_id: 77,
  level: 'Information',
  message: 'a message',
  task: 'Process terminated',
  opcode: 'Info',
  keywords: ['0x8000000000000000'],
  execution: { process_id: 3000, thread_id: 4000 },
  security: { user_id: 'S-1-5-18' },
  version: 3,
  event_data: VALUES,
};
const read = (more: JsonObject = {}) => carriedBy(openTelemetry, { ...BODY, ...more });
const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');

describe('openTelemetry', () => {
  it('names the parts of a body', () => {
    const { provider, eventId, envelope, named, message, userDefined } = read();
    expect({ provider, eventId, envelope, message }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 5,
      envelope: {
        TimeCreated: '2021-01-02T03:04:05.6789012Z',
        MachineName: 'host',
        LogName: 'Microsoft-Windows-Sysmon/Operational',
        Index: '77',
        UserName: 'S-1-5-18',
        Keywords: '0x8000000000000000',
        LevelDisplayName: 'Informational',
      },
      message: 'a message',
    });
    expect({ ...named }).toEqual(VALUES);
    expect({ ...userDefined }).toEqual({
      'event_id.qualifiers': '0',
      'provider.guid': '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
      task: 'Process terminated',
      opcode: 'Info',
      'execution.process_id': '3000',
      'execution.thread_id': '4000',
      version: '3',
    });
  });

  it.each([
    ['4', 'Informational'],
    ['Warning', 'Warning'],
    ['Informationen', 'Informationen'],
    ['', undefined],
  ])('takes the level %j for %j', (level, caption) => {
    expect(read({ level }).envelope.LevelDisplayName).toBe(caption);
  });

  it.each([
    ['of one name each', Object.entries(VALUES).map(([name, value]) => ({ [name]: value }))],
    ['of name and value', Object.entries(VALUES).map(([name, value]) => ({ name, value }))],
  ])('reads values in a list of objects %s', (_, list) => {
    expect({ ...read({ event_data: list }).named }).toEqual(VALUES);
    const { named, userDefined } = read({ event_data: { name: 'n', binary: '00', data: list } });
    expect({ ...named }).toEqual(VALUES);
    expect(userDefined).toMatchObject({ 'event_data.name': 'n', 'event_data.binary': '00' });
  });

  it('keeps what is no value in a list', () => {
    const list = [{ Image: 'a' }, { Image: 'b' }, { '': 'loose' }, 7, [1]];
    const { named, userDefined } = read({ event_data: list });
    expect({ ...named }).toEqual({ Image: 'a' });
    expect(userDefined.event_data).toBe('[{"Image":"b"},7,[1],"loose"]');
  });

  it.each([
    ['a list without names', [{ '': 'a' }, { '': '' }, { '': 'b' }]],
    ['parameters, of which empty ones are left out', { param1: 'a', param3: 'b' }],
    ['numbered data', { Data3: 'b', Data1: 'a', Data2: '' }],
  ])('reads %s as values in their places', (_, event_data) => {
    const { named, positional } = read({ event_data });
    expect([named, positional]).toEqual([undefined, ['a', '', 'b']]);
  });

  it.each([{ param0: 'a' }, { param256: 'a' }, { param1: 'a', Image: 'b' }, { param999999999: 'a' }])(
    'takes %j for values by name',
    (event_data) => {
      expect({ ...read({ event_data }).named }).toEqual(event_data);
    },
  );

  it('keeps binary data, and reads what stands beside it', () => {
    const { positional, userDefined } = read({ event_data: { param1: 'a', Binary: '00FF' } });
    expect([positional, userDefined['event_data.Binary']]).toEqual([['a'], '00FF']);
  });

  it.each(['body', 'Body', 'event'])('reads a body below %s, and keeps what stands beside it', (key) => {
    const document = { [key]: BODY, attributes: { 'log.file.name': 'x' }, time: 1 };
    const { inner, userDefined } = wrappedBy(openTelemetry, document);
    expect(inner).toBe(BODY);
    expect({ ...userDefined }).toEqual({ 'attributes.log.file.name': 'x', time: '1' });
    expect(decode(document).event?.Description.Image).toBe('C:\\a.exe');
  });

  it.each([
    ['its provider', without(BODY, 'provider')],
    ['its EventID', without(BODY, 'event_id')],
    ['its host', without(BODY, 'computer')],
  ])('is recognised without %s, and incomplete', (_, document) => {
    expect(openTelemetry.recognises(document)).toBe(true);
    expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
  });

  it.each([
    {},
    { event_id: 5, channel: 'x', computer: 'y' },
    { provider: { name: 'x' } },
    { body: 'text' },
    { event: { provider: 'x', code: 5 }, channel: 'y' },
  ])('does not recognise %j', (document) => {
    expect(openTelemetry.recognises(document)).toBe(false);
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(fc.property(damaged({ ...BODY, body: BODY }), (hostile) => void openTelemetry.read(hostile)));
  });

  it('loses no value', () => {
    expect(lostFrom(BODY, read())).toEqual([]);
  });
});
