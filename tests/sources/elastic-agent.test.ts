import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { elasticAgent } from '../../src/sources/elastic-agent.ts';
import { without, type JsonObject } from '../../src/sources/json.ts';
import { carriedBy, damaged } from './form-parts.ts';

const GUID = '{fa4a0de6-e8a9-5d2f-0000-001053699900}';
const VALUES = {
  RuleName: '-',
  UtcTime: '2021-01-02 03:04:05.600',
  ProcessGuid: GUID,
  ProcessId: '2736',
  QueryName: 'www.example.com',
  QueryStatus: '0',
  QueryResults: 'type:  5 a.example.com;::ffff:192.0.2.1;',
  Image: 'C:\\a.exe',
};
const data = Object.entries(VALUES)
  .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
  .join('');
const xmlOf = (eventData: string): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/><EventID>22</EventID><Version>5</Version><Level>4</Level><Task>22</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='2021-01-02T03:04:06.0252377Z'/><EventRecordID>67</EventRecordID><Correlation/><Execution ProcessID='2828' ThreadID='1684'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host</Computer><Security UserID='S-1-5-18'/></System><EventData>${eventData}</EventData></Event>`;
const XML = xmlOf(data);

const SHARED = {
  agent: { id: 'x', type: 'filebeat', version: '8.17.0' },
  data_stream: { dataset: 'windows.sysmon_operational', namespace: 'default', type: 'logs' },
  host: { name: 'host' },
};
const WINLOG = {
  channel: 'Microsoft-Windows-Sysmon/Operational',
  computer_name: 'host',
  event_id: '22',
  provider_name: 'Microsoft-Windows-Sysmon',
  record_id: '67',
  user: { identifier: 'S-1-5-18' },
  version: 5,
};

/** As the agent sends it: nothing is moved. */
const SENT = {
  ...SHARED,
  '@timestamp': '2021-01-02T03:04:06.025Z',
  event: {
    code: '22',
    created: '2021-01-02T03:04:07.000Z',
    dataset: 'windows.sysmon_operational',
    provider: 'Microsoft-Windows-Sysmon',
  },
  log: { level: 'information' },
  winlog: { ...WINLOG, event_data: VALUES },
};

/** Behind the integration's ingest pipeline, which keeps the original event where the policy says so. */
const indexed = (original?: string): JsonObject => ({
  ...SHARED,
  '@timestamp': '2021-01-02T03:04:05.600Z',
  ecs: { version: '8.0.0' },
  event: {
    action: 'DNSEvent (DNS query)',
    category: ['network'],
    code: '22',
    created: '2021-01-02T03:04:06.025Z',
    dataset: 'windows.sysmon_operational',
    kind: 'event',
    provider: 'Microsoft-Windows-Sysmon',
    ...(original !== undefined && { original }),
  },
  dns: {
    answers: [
      { data: 'a.example.com', type: 'CNAME' },
      { data: '192.0.2.1', type: 'A' },
    ],
    question: { name: 'www.example.com' },
    resolved_ip: ['192.0.2.1'],
  },
  log: { level: 'information' },
  network: { protocol: 'dns' },
  process: { entity_id: GUID, executable: 'C:\\a.exe', name: 'a.exe', pid: 2736 },
  sysmon: { dns: { status: 'SUCCESS' } },
  user: { id: 'S-1-5-18' },
  winlog: { ...WINLOG, event_data: { Added: 'by a processor' } },
});

const decode = (document: JsonObject) => decodeRecord(Buffer.from(JSON.stringify(document)), 'auto');
const eventOf = (document: JsonObject) => decode(document).event!;

describe('elasticAgent', () => {
  it('reads what the agent sends', () => {
    const event = eventOf(SENT);
    expect({ ...event.Description }).toEqual(VALUES);
    expect(event).toMatchObject({
      EventId: 22,
      TimeCreated: '2021-01-02T03:04:06.025Z',
      MachineName: 'host',
      Index: '67',
      UserName: 'S-1-5-18',
      LevelDisplayName: 'Informational',
      UserDefined: { 'data_stream.dataset': 'windows.sysmon_operational', 'agent.type': 'filebeat' },
    });
  });

  it('puts back what the ingest pipeline has moved', () => {
    const event = eventOf(indexed());
    // RuleName is dropped, and QueryResults said in other words.
    expect(event.Description).toMatchObject(without(VALUES, 'RuleName', 'QueryResults'));
    expect(event.TimeCreated).toBe('2021-01-02T03:04:06.025Z');
  });

  it('reads the original event, where the agent has preserved it', () => {
    const event = eventOf(indexed(XML));
    expect({ ...event.Description }).toEqual(VALUES);
    expect(event.TimeCreated).toBe('2021-01-02T03:04:06.0252377Z');
    expect(event.UserDefined).toMatchObject({
      ExecutionProcessID: '2828',
      'winlog.event_data.Added': 'by a processor',
      'event.action': 'DNSEvent (DNS query)',
    });
    expect(JSON.stringify(event.UserDefined)).not.toContain('<Event');
  });

  it('has the time of the log from the original event, where an old pipeline has dropped it', () => {
    const old = { ...indexed(XML), ecs: { version: '1.10.0' } };
    expect(eventOf(old).TimeCreated).toBe('2021-01-02T03:04:06.0252377Z');
  });

  it.each([
    ['of another EventID', XML.replace('<EventID>22<', '<EventID>1<')],
    ['of another record', XML.replace('>67<', '>68<')],
    ['of another provider', XML.replace("Name='Microsoft-Windows-Sysmon'", "Name='Other'")],
    ['without values', xmlOf('')],
    ['that is cut off', XML.slice(0, -9)],
    ['that is text', 'Dns query: …'],
  ])('keeps an original event %s, and does not read it', (_, original) => {
    const event = eventOf(indexed(original));
    expect(event.UserDefined['event.original']).toBe(original);
    expect(event.Description).not.toHaveProperty('RuleName');
    expect(event.Description.Image).toBe('C:\\a.exe');
  });

  it.each([
    ['a data stream', { winlog: WINLOG, data_stream: {} }, true],
    ['an agent', { winlog: WINLOG, elastic_agent: { id: 'x' } }, true],
    ['Filebeat', { winlog: WINLOG, agent: { type: 'filebeat' } }, true],
    ['a flattened document', { 'winlog.event_id': 1, 'data_stream.dataset': 'x' }, true],
    ['Winlogbeat', { winlog: WINLOG, agent: { type: 'winlogbeat' } }, false],
    ['no event of Windows', { data_stream: {}, agent: { type: 'filebeat' } }, false],
  ])('recognises %s', (_, document, expected) => {
    expect(elasticAgent.recognises(document)).toBe(expected);
  });

  it.each(['provider_name', 'event_id', 'computer_name'])('is incomplete without %s', (name) => {
    const document = { ...without(SENT, 'event'), winlog: without(SENT.winlog, name) };
    expect(decode(document)).toEqual({ reason: 'incomplete_envelope' });
  });

  it('never throws, whatever stands in its places', () => {
    fc.assert(fc.property(damaged(indexed(XML)), (hostile) => void elasticAgent.read(hostile)));
  });

  it('names each value once', () => {
    const { named, userDefined } = carriedBy(elasticAgent, indexed(XML));
    for (const [name, value] of Object.entries(named ?? {})) {
      if (name === 'ProcessGuid' || name === 'Image') expect(Object.values(userDefined)).not.toContain(value);
    }
  });
});
