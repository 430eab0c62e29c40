import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecord } from '../../src/sources/decode.ts';
import { itWithRealData, realRecords } from './real-data.ts';

const decodeWinlogbeat = (document: unknown) =>
  decodeRecord(Buffer.from(JSON.stringify(document)), 'winlogbeat');

const GUID = '{11111111-2222-3333-0000-000000000001}';
const MESSAGE = `Process terminated:\nRuleName: \nUtcTime: 2021-01-02 03:04:05.678\nProcessGuid: ${GUID}\nProcessId: 42\nImage: C:\\rendered.exe\nUser: H\\u`;
const EVENT_DATA = {
  UtcTime: '2021-01-02 03:04:05.678',
  ProcessGuid: GUID,
  ProcessId: '42',
  Image: 'C:\\true.exe',
};

const version6 = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  '@timestamp': '2021-01-02T03:04:05.681Z',
  '@metadata': { beat: 'winlogbeat', version: '6.7.0' },
  log_name: 'Microsoft-Windows-Sysmon/Operational',
  record_number: '5402081',
  computer_name: 'host',
  process_id: 1368,
  user: { identifier: 'S-1-5-18', name: 'SYSTEM' },
  level: 'Information',
  event_id: 5,
  source_name: 'Microsoft-Windows-Sysmon',
  event_data: EVENT_DATA,
  message: MESSAGE,
  ...more,
});

const version8 = (winlog: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  '@timestamp': '2021-01-02T03:04:05.681Z',
  event: {
    code: '5',
    provider: 'Microsoft-Windows-Sysmon',
    created: '2021-01-02T03:04:07.000Z',
    kind: 'event',
  },
  log: { level: 'information' },
  host: { name: 'shipper' },
  winlog: {
    channel: 'Microsoft-Windows-Sysmon/Operational',
    computer_name: 'host',
    event_data: EVENT_DATA,
    event_id: '5',
    keywords: ['a', 'b'],
    provider_name: 'Microsoft-Windows-Sysmon',
    record_id: 5402081,
    user: { identifier: 'S-1-5-18', name: 'SYSTEM' },
    version: 3,
    ...winlog,
  },
  message: MESSAGE,
  ...more,
});

/** A document that the sysmon module has been through, without a message. */
const moduled = (code: string, parts: Record<string, unknown>, eventData: Record<string, unknown> = {}) => ({
  '@timestamp': '2021-01-02T03:04:05.678Z',
  ecs: { version: '8.0.0' },
  event: {
    code,
    module: 'sysmon',
    provider: 'Microsoft-Windows-Sysmon',
    created: '2021-01-02T03:04:05.690Z',
  },
  winlog: {
    computer_name: 'host',
    provider_name: 'Microsoft-Windows-Sysmon',
    event_id: code,
    event_data: eventData,
  },
  ...parts,
});

interface Ports {
  readonly SourcePort?: number;
  readonly DestinationPort?: number;
  readonly SourcePortName?: string;
  readonly version?: string;
}

const eventOf = (document: unknown) => decodeWinlogbeat(document).event!;
const fieldsIn = (document: unknown) => ({ ...eventOf(document).Description });

describe('winlogbeat', () => {
  it('reads version 6', () => {
    const event = eventOf(version6({ fields: { source_instance_id: 'i-1' } }));
    expect({
      ...event,
      Description: { ...event.Description },
      UserDefined: { ...event.UserDefined },
    }).toEqual({
      EventId: 5,
      Description: { ...EVENT_DATA, RuleName: '', User: 'H\\u' },
      TimeCreated: '2021-01-02T03:04:05.681Z',
      MachineName: 'host',
      LogName: 'Microsoft-Windows-Sysmon/Operational',
      ProviderName: 'Microsoft-Windows-Sysmon',
      Index: '5402081',
      UserName: 'S-1-5-18',
      LevelDisplayName: 'Informational',
      UserDefined: {
        '@metadata.beat': 'winlogbeat',
        '@metadata.version': '6.7.0',
        process_id: '1368',
        'user.name': 'SYSTEM',
        source_instance_id: 'i-1',
      },
    });
  });

  it('reads version 8', () => {
    const event = eventOf(version8());
    expect({
      ...event,
      Description: { ...event.Description },
      UserDefined: { ...event.UserDefined },
    }).toEqual({
      EventId: 5,
      Description: { ...EVENT_DATA, RuleName: '', User: 'H\\u' },
      TimeCreated: '2021-01-02T03:04:05.681Z',
      MachineName: 'host',
      LogName: 'Microsoft-Windows-Sysmon/Operational',
      ProviderName: 'Microsoft-Windows-Sysmon',
      Index: '5402081',
      UserName: 'S-1-5-18',
      LevelDisplayName: 'Informational',
      Keywords: 'a,b',
      UserDefined: {
        'event.created': '2021-01-02T03:04:07.000Z',
        'event.kind': 'event',
        'host.name': 'shipper',
        'winlog.user.name': 'SYSTEM',
        'winlog.version': '3',
      },
    });
  });

  it('prefers the time of the event log', () => {
    const event = eventOf(version8({ time_created: '2021-01-02T03:04:05.6812345Z' }));
    expect(event.TimeCreated).toBe('2021-01-02T03:04:05.6812345Z');
    expect(event.UserDefined['@timestamp']).toBe('2021-01-02T03:04:05.681Z');
  });

  it('does without a message, and without event_data', () => {
    expect(fieldsIn(version8({}, { message: undefined }))).toEqual(EVENT_DATA);
    expect(fieldsIn(version8({ event_data: undefined }))).toMatchObject({ Image: 'C:\\rendered.exe' });
    expect(fieldsIn(version6({ event_data: undefined }))).toMatchObject({ Image: 'C:\\rendered.exe' });
  });

  it("keeps a message that is not Sysmon's, and no other", () => {
    const message = 'Die Beschreibung für Ereignis-ID 5 wurde nicht gefunden.';
    for (const document of [version6({ message }), version8({}, { message })]) {
      const event = eventOf(document);
      expect({ ...event.Description }).toEqual(EVENT_DATA);
      expect(event.UserDefined.message).toBe(message);
    }
    expect(eventOf(version8({}, { message: ['a', 1] })).UserDefined.message).toBe('["a",1]');
    expect(eventOf(version8()).UserDefined.message).toBeUndefined();
  });

  it('has no message without either', () => {
    expect(decodeWinlogbeat(version8({ event_data: {} }, { message: '' }))).toEqual({ reason: 'no_message' });
    expect(decodeWinlogbeat(version8({ event_data: {} }, { message: 'x' }))).toEqual({
      reason: 'unreadable_text',
    });
    expect(decodeWinlogbeat(moduled('5', {}))).toEqual({ reason: 'no_message' });
    expect(decodeWinlogbeat(moduled('25', { message: 'x' }))).toEqual({ reason: 'no_message' });
  });

  it('names values that came without names', () => {
    const values = ['-', '2021-01-02 03:04:05.678', GUID, '42', 'C:\\a.exe', 'H\\u'];
    const event_data = Object.fromEntries(values.map((value, at) => [`param${at + 1}`, value]));
    expect(fieldsIn(version8({ event_data }, { message: undefined }))).toMatchObject({ ProcessId: '42' });
  });

  it('takes the event id from event.code', () => {
    expect(eventOf(version8({ event_id: undefined })).EventId).toBe(5);
  });

  it('refuses other providers, and documents of other kinds', () => {
    expect(decodeWinlogbeat(version6({ source_name: 'Other' }))).toEqual({ reason: 'not_sysmon' });
    expect(decodeWinlogbeat(version8({ provider_name: 'Other' }))).toEqual({ reason: 'not_sysmon' });
    expect(decodeWinlogbeat(version8({ event_id: 'x' }))).toEqual({ reason: 'no_event_id' });
    expect(decodeWinlogbeat(version6({ event_id: null }))).toEqual({ reason: 'incomplete_envelope' });
    for (const document of [null, [], 'x', {}, { '@timestamp': 'x', message: 'y' }]) {
      expect(decodeWinlogbeat(document)).toEqual({ reason: 'not_an_event' });
    }
  });

  it('lets a top-level key stand where a decoration has the same name', () => {
    const { UserDefined } = eventOf(version6({ fields: { tag: 'a', other: 'b' }, tag: 'c' }));
    expect(UserDefined).toMatchObject({ tag: 'c', 'fields.tag': 'a', other: 'b' });
  });

  it('never throws', () => {
    const key = fc.constantFrom(
      'winlog',
      'event_data',
      'event_id',
      'event',
      'code',
      'message',
      'user',
      'module',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.constant('5'),
        fc.dictionary(key, tie('tree')),
      ),
    }));
    fc.assert(fc.property(tree, (document) => void decodeWinlogbeat(document)));
  });

  itWithRealData('decodes every real event, with every value of event_data', async () => {
    const records = await realRecords('winlogbeat.ndjson.gz');
    expect(records).toHaveLength(256);
    for (const { bytes } of records) {
      const source = JSON.parse(Buffer.from(bytes).toString()) as {
        event_id: number;
        event_data: Record<string, string>;
        message: string;
      };
      const event = decodeRecord(bytes, 'auto').event!;
      expect(event.EventId).toBe(source.event_id);
      expect(event.Description).toMatchObject(source.event_data);
      // Old versions leave empty values out of event_data; the message has their names.
      expect('RuleName' in event.Description).toBe(source.message.includes('\nRuleName: '));
    }
  });
});

describe("a document of Winlogbeat's sysmon module", () => {
  it('has a process creation put back', () => {
    const document = moduled(
      '1',
      {
        process: {
          args: ['a.exe', '-x'],
          command_line: 'a.exe -x',
          entity_id: GUID,
          executable: 'C:\\a.exe',
          hash: { md5: 'ab', sha1: 'cd', sha256: 'ef' },
          name: 'a.exe',
          parent: { command_line: 'b', entity_id: '{p}', executable: 'C:\\b.exe', pid: 4 },
          pe: { company: 'c', imphash: '12', original_file_name: 'o.exe' },
          pid: 42,
          working_directory: 'C:\\',
        },
        rule: { name: 'technique_id=T1' },
        user: { domain: 'H', id: 'S-1-5-18', name: 'u' },
      },
      { Company: 'c', IntegrityLevel: 'High' },
    );
    const event = eventOf(document);
    expect({ ...event.Description }).toEqual({
      RuleName: 'technique_id=T1',
      UtcTime: '2021-01-02 03:04:05.678',
      ProcessGuid: GUID,
      ProcessId: '42',
      Image: 'C:\\a.exe',
      Company: 'c',
      OriginalFileName: 'o.exe',
      CommandLine: 'a.exe -x',
      CurrentDirectory: 'C:\\',
      User: 'H\\u',
      IntegrityLevel: 'High',
      Hashes: 'SHA1=CD,MD5=AB,SHA256=EF,IMPHASH=12',
      ParentProcessGuid: '{p}',
      ParentProcessId: '4',
      ParentImage: 'C:\\b.exe',
      ParentCommandLine: 'b',
    });
    // From 8.0 on the module keeps the log's time there, and UtcTime in @timestamp.
    expect(event.TimeCreated).toBe('2021-01-02T03:04:05.690Z');
    expect(event.UserName).toBe('S-1-5-18');
    expect(Object.keys(event.UserDefined).sort()).toEqual([
      '@timestamp',
      'ecs.version',
      'event.module',
      'process.args',
      'process.hash.md5',
      'process.hash.sha1',
      'process.hash.sha256',
      'process.name',
      'process.pe.imphash',
    ]);
  });

  it('has a connection put back', () => {
    const document = moduled('3', {
      destination: { domain: 'd', ip: '10.0.0.2', port: 443 },
      network: { direction: 'egress', protocol: 'https', transport: 'tcp', type: 'ipv4' },
      process: { entity_id: GUID, executable: 'C:\\a.exe', pid: 42 },
      source: { domain: 's', ip: '10.0.0.1', port: 50_000 },
    });
    expect(fieldsIn(document)).toEqual({
      UtcTime: '2021-01-02 03:04:05.678',
      ProcessGuid: GUID,
      ProcessId: '42',
      Image: 'C:\\a.exe',
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIsIpv6: 'false',
      SourceIp: '10.0.0.1',
      SourceHostname: 's',
      SourcePort: '50000',
      DestinationIsIpv6: 'false',
      DestinationIp: '10.0.0.2',
      DestinationHostname: 'd',
      DestinationPort: '443',
      DestinationPortName: 'https',
    });
  });

  it.each([
    ["the destination's, whose port a service has", { SourcePort: 443, DestinationPort: 53 }, 'Destination'],
    [
      "the destination's, where neither port has a name",
      { SourcePort: 50_000, DestinationPort: 49_152 },
      'Destination',
    ],
    ["the destination's, where the ports are not known", {}, 'Destination'],
    [
      "the source's, where the other port is one that the system gave",
      { SourcePort: 32_767, DestinationPort: 32_768 },
      'Source',
    ],
    ["the source's, where the other port is not known", { SourcePort: 53 }, 'Source'],
    // Before 8.0 the source's name was not moved.
    ["the destination's, before 8.0", { SourcePort: 53, version: '1.12.0' }, 'Destination'],
    [
      "the destination's, before 8.0, where the source has its own",
      { SourcePort: 53, SourcePortName: 'own', version: '1.12.0' },
      'Destination',
    ],
  ])(
    'takes the name of a port for %s',
    (_, { SourcePort, DestinationPort, SourcePortName, version = '8.0.0' }: Ports, side) => {
      const document = moduled(
        '3',
        {
          process: { entity_id: GUID },
          source: { port: SourcePort },
          destination: { port: DestinationPort },
          network: { protocol: 'name' },
          ecs: { version },
        },
        { SourcePortName },
      );
      const fields = fieldsIn(JSON.parse(JSON.stringify(document)));
      expect([fields.SourcePortName, fields.DestinationPortName]).toEqual(
        side === 'Source' ? ['name', undefined] : [SourcePortName, 'name'],
      );
    },
  );

  it("does not take the protocol of a DNS query for a port's", () => {
    const document = moduled('22', { process: { entity_id: GUID, pid: 1 }, network: { protocol: 'dns' } });
    expect(fieldsIn(document)).not.toHaveProperty('DestinationPortName');
    expect(eventOf(document).UserDefined['network.protocol']).toBe('dns');
  });

  it.each([
    ['SUCCESS', '0'],
    ['ERROR_ACCESS_DENIED', '5'],
    ['ERROR_NOT_ENOUGH_MEMORY', '8'],
    ['ERROR_INVALID_DATA', '13'],
    ['ERROR_OUTOFMEMORY', '14'],
    ['ERROR_INVALID_NAME', '123'],
    ['ERROR_INVALID_NETNAME', '1214'],
    ['ERROR_CANCELLED', '1223'],
    ['ERROR_TIMEOUT', '1460'],
    ['ERROR_OBJECT_NOT_FOUND', '4312'],
    ['DNS_ERROR_RCODE_FORMAT_ERROR', '9001'],
    ['DNS_ERROR_RCODE_NAME_ERROR', '9003'],
    ['DNS_ERROR_RCODE_NOTZONE', '9010'],
    ['DNS_ERROR_RCODE_BADSIG', '9016'],
    ['DNS_ERROR_RCODE_BADTIME', '9018'],
    ['DNS_INFO_NO_RECORDS', '9501'],
    ['DNS_REQUEST_PENDING', '9506'],
    ['DNS_ERROR_INVALID_TYPE', '9551'],
    ['DNS_ERROR_INVALID_NAME_CHAR', '9560'],
    ['DNS_ERROR_BACKGROUND_LOADING', '9568'],
    ['DNS_ERROR_ADDRESS_REQUIRED', '9573'],
    ['DNS_ERROR_ZONE_DOES_NOT_EXIST', '9601'],
    ['DNS_ERROR_RECORD_DOES_NOT_EXIST', '9701'],
    ['DNS_ERROR_RECORD_ONLY_AT_ZONE_ROOT', '9710'],
    ['DNS_ERROR_NAME_DOES_NOT_EXIST', '9714'],
    ['DNS_ERROR_ALIAS_LOOP', '9722'],
    ['DNS_ERROR_NO_TCPIP', '9851'],
    ['DNS_ERROR_NO_DNS_SERVERS', '9852'],
    ['WSAECONNRESET', '10054'],
    ['WSAENOBUFS', '10055'],
    ['WSAETIMEDOUT', '10060'],
    // The module leaves a number that it does not know.
    ['11001', '11001'],
    [87, '87'],
    ['SOMETHING_ELSE', undefined],
  ])('has the status %s of a DNS query put back as %s', (status, number) => {
    const document = moduled('22', { process: { entity_id: GUID }, sysmon: { dns: { status } } });
    expect(fieldsIn(document).QueryStatus).toBe(number);
  });

  it.each([
    [{ type: 'A', data: '192.0.2.1' }, '::ffff:192.0.2.1;'],
    [{ type: 'AAAA', data: '2001:db8::1' }, '2001:db8::1;'],
    [{ type: 'NS', data: 'n' }, 'type:  2 n;'],
    [{ type: 'NULL', data: 'n' }, 'type:  10 n;'],
    [{ type: 'TXT', data: 'n' }, 'type:  16 n;'],
    [{ type: 'AAAA', data: 'n' }, 'type:  28 n;'],
    [{ type: 'SRV', data: 'n' }, 'type:  33 n;'],
    [{ type: 'OPT', data: 'n' }, 'type:  41 n;'],
    [{ type: 'DS', data: 'n' }, 'type:  43 n;'],
    [{ type: 'RRSIG', data: 'n' }, 'type:  46 n;'],
    [{ type: 'DHCID', data: 'n' }, 'type:  49 n;'],
    [{ type: 'UNSPEC', data: 'n' }, 'type:  103 n;'],
    [{ type: 'ANY', data: 'n' }, 'type:  255 n;'],
    [{ type: 'WINS', data: 'n' }, 'type:  65281 n;'],
    [{ type: 'WINSR', data: 'n' }, 'type:  65282 n;'],
    [{ type: 'A', data: 'n' }, 'type:  1 n;'],
    [{ type: null, data: 'n' }, ''],
    [{ type: null, data: '192.0.2.9' }, ''],
    [{ data: 'n' }, ''],
    [{ type: 'HTTPS', data: 'n' }, ''],
    [{ type: 'SOA' }, ''],
    ['n', ''],
  ])('has the answer %j of a DNS query put back as %j', (answer, written) => {
    const known = { type: 'A', data: '192.0.2.2' };
    const answersOf = (answers: unknown[]) =>
      moduled('22', { process: { entity_id: GUID }, dns: { answers } });
    expect(fieldsIn(answersOf([answer, known])).QueryResults).toBe(`${written}::ffff:192.0.2.2;`);
    expect(fieldsIn(answersOf([answer])).QueryResults).toBe(written === '' ? undefined : written);
    // Whatever is left out can be read there.
    expect(eventOf(answersOf([answer])).UserDefined['dns.answers']).toBe(JSON.stringify([answer]));
  });

  it('has the type of a process tampering put back from where a message would be', () => {
    const process = { entity_id: GUID, executable: 'C:\\a.exe', pid: 42 };
    const message = 'Image is replaced';
    const event = eventOf(moduled('25', { process, message }));
    expect(event.Description).toMatchObject({ Image: 'C:\\a.exe', Type: message });
    expect(event.UserDefined.message).toBeUndefined();
    // Where it has not been moved, the message is one of its own.
    const unmoved = eventOf(moduled('25', { process, message: 'x' }, { Type: message }));
    expect(unmoved.Description.Type).toBe(message);
    expect(unmoved.UserDefined.message).toBe('x');
    const rendered = `Process Tampering:\nRuleName: -\nUtcTime: 2021-01-02 03:04:05.678\nProcessGuid: ${GUID}\nProcessId: 42\nImage: C:\\a.exe\nType: Image is locked`;
    expect(fieldsIn(moduled('25', { process, message: rendered })).Type).toBe('Image is locked');
    // Another event's Type is not moved.
    expect(fieldsIn(moduled('20', { message, user: { domain: 'H', name: 'u' } }))).not.toHaveProperty('Type');
  });

  it.each([
    ['before 8.0', { ecs: { version: '1.12.0' } }, {}],
    ['since 8.0 without the time of the log', { event: { code: '5', module: 'sysmon' } }, {}],
    ["without the module's name", { event: { code: '5' } }, {}],
  ])('has no TimeCreated where @timestamp is UtcTime: %s', (_, parts, eventData) => {
    const event = eventOf(moduled('5', { process: { entity_id: GUID, pid: 42 }, ...parts }, eventData));
    expect(event.Description.UtcTime).toBe('2021-01-02 03:04:05.678');
    expect(event.TimeCreated).toBeUndefined();
    expect(event.UserDefined['@timestamp']).toBe('2021-01-02T03:04:05.678Z');
  });

  it('has the TimeCreated that the log wrote, whatever @timestamp is', () => {
    const document = moduled('5', { process: { entity_id: GUID, pid: 42 }, ecs: { version: '1.12.0' } });
    const winlog = { ...document.winlog, time_created: '2021-01-02T03:04:05.6812345Z' };
    expect(eventOf({ ...document, winlog }).TimeCreated).toBe('2021-01-02T03:04:05.6812345Z');
  });

  it('takes @timestamp for TimeCreated where UtcTime stands for itself, or nowhere', () => {
    const parts = { process: { entity_id: GUID, pid: 42 }, event: { code: '5' } };
    expect(eventOf(moduled('5', parts, EVENT_DATA)).TimeCreated).toBe('2021-01-02T03:04:05.678Z');
    const newer = moduled('99', { event: { code: '99', module: 'sysmon' } }, { X: 'x' });
    expect(eventOf(newer).TimeCreated).toBe('2021-01-02T03:04:05.678Z');
  });

  it('has a DNS query put back', () => {
    const document = moduled('22', {
      dns: {
        answers: [
          { data: 'b.example', type: 'CNAME' },
          { data: '192.0.2.1', type: 'A' },
          { data: '2001:db8::1', type: 'AAAA' },
        ],
        question: { name: 'a.example' },
      },
      process: { entity_id: GUID, pid: 42 },
      sysmon: { dns: { status: 'SUCCESS' } },
    });
    expect(fieldsIn(document)).toMatchObject({
      QueryName: 'a.example',
      QueryStatus: '0',
      QueryResults: 'type:  5 b.example;::ffff:192.0.2.1;2001:db8::1;',
    });
  });

  it('has a registry value put back, and its text taken from the message where there is one', () => {
    const registry = { path: 'HKU\\k', data: { strings: ['4'], type: 'SZ_DWORD' } };
    const process = { entity_id: GUID, pid: 42, executable: 'C:\\a.exe' };
    const document = moduled('13', { process, registry }, { EventType: 'SetValue' });
    expect(fieldsIn(document)).toMatchObject({ TargetObject: 'HKU\\k', Details: 'DWORD (0x00000004)' });
    const message = `Registry value set:\nRuleName: -\nEventType: SetValue\nUtcTime: 2021-01-02 03:04:05.678\nProcessGuid: ${GUID}\nProcessId: 0\nImage: C:\\a.exe\nTargetObject: HKU\\k\nDetails: QWORD (0x00000000-0x00000005)\nUser: %9`;
    const qword = { path: 'HKU\\k', data: { strings: ['5'], type: 'SZ_QWORD' } };
    expect(fieldsIn({ ...document, registry: qword, message })).toEqual({
      RuleName: '-',
      EventType: 'SetValue',
      UtcTime: '2021-01-02 03:04:05.678',
      ProcessGuid: GUID,
      ProcessId: '42',
      Image: 'C:\\a.exe',
      TargetObject: 'HKU\\k',
      Details: 'QWORD (0x00000000-0x00000005)',
    });
    expect(fieldsIn({ ...document, registry: qword }).Details).toBeUndefined();
  });

  it('has files, pipes, accesses and remote threads put back', () => {
    const process = { entity_id: GUID, executable: 'C:\\a.exe', pid: 42, thread: { id: 7 } };
    expect(fieldsIn(moduled('11', { process, file: { path: 'C:\\f' } }))).toMatchObject({
      TargetFilename: 'C:\\f',
    });
    expect(fieldsIn(moduled('9', { process, file: { path: '\\Device\\x' } }))).toMatchObject({
      Device: '\\Device\\x',
    });
    expect(fieldsIn(moduled('17', { process, file: { name: '\\p' } }))).toMatchObject({ PipeName: '\\p' });
    expect(
      fieldsIn(
        moduled('7', { process, file: { path: 'C:\\l.dll', hash: { md5: 'ab' } } }, { Signed: 'true' }),
      ),
    ).toMatchObject({ Image: 'C:\\a.exe', ImageLoaded: 'C:\\l.dll', Hashes: 'MD5=AB', Signed: 'true' });
    expect(fieldsIn(moduled('15', { process, file: { path: 'C:\\f', hash: { md5: 'ab' } } }))).toMatchObject({
      TargetFilename: 'C:\\f',
      Hash: 'MD5=AB',
    });
    expect(
      fieldsIn(moduled('23', { process, sysmon: { file: { archived: true, is_executable: false } } })),
    ).toMatchObject({ Archived: 'true', IsExecutable: 'false' });
    expect(fieldsIn(moduled('10', { process }, { TargetProcessGUID: GUID }))).toMatchObject({
      SourceProcessGUID: GUID,
      SourceProcessId: '42',
      SourceThreadId: '7',
      SourceImage: 'C:\\a.exe',
      TargetProcessGUID: GUID,
    });
    const remoteThread = fieldsIn(moduled('8', { process }, { TargetProcessGUID: GUID }));
    expect(remoteThread).toMatchObject({ SourceProcessGuid: GUID, TargetProcessGuid: GUID });
    expect(remoteThread.TargetProcessGUID).toBeUndefined();
  });

  it('does not take the shipper for the event where the module was not used', () => {
    const document = version8(
      {},
      { user: { domain: 'D', name: 'shipper' }, process: { pid: 1 }, message: undefined },
    );
    expect(fieldsIn(document)).toEqual(EVENT_DATA);
    expect(eventOf(document).UserDefined).toMatchObject({ 'user.name': 'shipper', 'process.pid': '1' });
  });
});
