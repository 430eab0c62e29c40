/** One event, an EventID 5, as each agent of docs/hosts.md sends it with the configuration on that page. */
import { gzipSync } from 'node:zlib';

export const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const PROVIDER = 'Microsoft-Windows-Sysmon';
const PROVIDER_GUID = '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}';

export const HOST = 'ws01.corp.example';
export const FIELDS = {
  RuleName: '-',
  UtcTime: '2026-04-02 08:15:30.123',
  ProcessGuid: '{b3c1f0a2-7d52-69ce-4b02-000000001f00}',
  ProcessId: '4711',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  User: 'CORP\\jane',
};
const VALUES = Object.values(FIELDS);
const LABELS = ['Regelname', 'UTC-Zeit', 'Prozess-GUID', 'Prozess-ID', 'Abbild', 'Benutzer'];
/** As native Sysmon renders it on a German Windows: no agent on the page depends on it. The words are invented. */
export const GERMAN = [
  'Prozess beendet:',
  ...VALUES.map((value, at) => `${LABELS[at] ?? ''}: ${value}`),
].join('\r\n');
const TIME = '2026-04-02T08:15:30.1301234Z';

const xml = (provider = PROVIDER, guid = PROVIDER_GUID, channel = CHANNEL, rendering = ''): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
  `<Provider Name='${provider}' Guid='${guid}'/><EventID>5</EventID><Version>3</Version><Level>4</Level><Task>5</Task>` +
  `<Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='${TIME}'/>` +
  `<EventRecordID>90210</EventRecordID><Correlation/><Execution ProcessID='3100' ThreadID='4200'/>` +
  `<Channel>${channel}</Channel><Computer>${HOST}</Computer><Security UserID='S-1-5-18'/></System><EventData>` +
  Object.entries(FIELDS)
    .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
    .join('') +
  `</EventData>${rendering}</Event>`;

const json = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));

const winlog = {
  channel: CHANNEL,
  provider_name: PROVIDER,
  provider_guid: PROVIDER_GUID,
  event_id: '5',
  version: 3,
  record_id: 90210,
  computer_name: HOST,
  user: { identifier: 'S-1-5-18', name: 'SYSTEM', domain: 'NT AUTHORITY', type: 'User' },
  process: { pid: 3100, thread: { id: 4200 } },
  event_data: FIELDS,
};
const beat = {
  '@timestamp': '2026-04-02T08:15:30.130Z',
  winlog,
  event: { code: '5', kind: 'event', provider: PROVIDER, created: '2026-04-02T08:15:31.000Z' },
  log: { level: 'information' },
  message: GERMAN,
};

const subscription = (message: string): Buffer =>
  gzipSync(
    json({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: 'sysmon',
      logStream: 'i-0123456789abcdef0',
      subscriptionFilters: ['sysmon-lake'],
      logEvents: [{ id: '0', timestamp: 1775117730130, message }],
    }),
  );

const getWinEvent = {
  Id: 5,
  Version: 3,
  Level: 4,
  Task: 5,
  Opcode: 0,
  Keywords: -9223372036854775808,
  RecordId: 90210,
  ProviderName: PROVIDER,
  ProviderId: PROVIDER_GUID.slice(1, -1),
  LogName: CHANNEL,
  ProcessId: 3100,
  ThreadId: 4200,
  MachineName: HOST,
  UserId: { BinaryLength: 12, AccountDomainSid: null, Value: 'S-1-5-18' },
  TimeCreated: '/Date(1775117730130)/',
  Properties: VALUES.map((Value) => ({ Value })),
  Message: GERMAN,
};

/** By a name of the agent, the bytes that reach the stack. */
export const RECORDS = {
  fluentBit: json({ date: 1775117731.2, System: xml(), Message: GERMAN }),
  fluentBitWithoutXml: json({
    date: 1775117731.2,
    ProviderName: PROVIDER,
    ProviderGuid: PROVIDER_GUID,
    Qualifiers: '',
    EventID: 5,
    Version: 3,
    Level: 4,
    Task: 5,
    Opcode: 0,
    Keywords: '0x8000000000000000',
    TimeCreated: '2026-04-02 10:15:30 +0200',
    EventRecordID: 90210,
    ActivityID: '',
    RelatedActivityID: '',
    ProcessID: 3100,
    ThreadID: 4200,
    Channel: CHANNEL,
    Computer: HOST,
    UserID: 'S-1-5-18',
    Message: GERMAN,
    StringInserts: VALUES.map((value, at) => (at === 3 ? 4711 : value)),
  }),
  cloudWatch: subscription(
    xml(
      PROVIDER,
      PROVIDER_GUID,
      CHANNEL,
      `<RenderingInfo Culture='de-DE'><Message>${GERMAN}</Message><Level>Informationen</Level></RenderingInfo>`,
    ),
  ),
  cloudWatchText: subscription(`[${CHANNEL}] [INFORMATION] [5] [${PROVIDER}] [${HOST}] [${GERMAN}]`),
  vector: json({
    source_type: 'windows_event_log',
    timestamp: TIME,
    host: HOST,
    computer: HOST,
    message: `Event ID 5 from ${PROVIDER}`,
    event_id: 5,
    record_id: 90210,
    level: 'Information',
    level_value: 4,
    channel: CHANNEL,
    provider_name: PROVIDER,
    provider_guid: PROVIDER_GUID,
    user_id: 'S-1-5-18',
    process_id: 3100,
    thread_id: 4200,
    task: 5,
    version: 3,
    event_data: FIELDS,
    string_inserts: VALUES,
  }),
  openTelemetry: json({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'host.name', value: { stringValue: HOST } }] },
        scopeLogs: [
          { scope: {}, logRecords: [{ timeUnixNano: '1775117730130123400', body: { stringValue: xml() } }] },
        ],
      },
    ],
  }),
  openTelemetryBody: json({
    resourceLogs: [
      {
        resource: {},
        scopeLogs: [
          {
            scope: {},
            logRecords: [
              {
                timeUnixNano: '1775117730130123400',
                body: {
                  kvlistValue: {
                    values: [
                      {
                        key: 'event_id',
                        value: { kvlistValue: { values: [{ key: 'id', value: { intValue: '5' } }] } },
                      },
                      {
                        key: 'provider',
                        value: {
                          kvlistValue: { values: [{ key: 'name', value: { stringValue: PROVIDER } }] },
                        },
                      },
                      { key: 'system_time', value: { stringValue: TIME } },
                      { key: 'computer', value: { stringValue: HOST } },
                      { key: 'channel', value: { stringValue: CHANNEL } },
                      { key: 'record_id', value: { intValue: '90210' } },
                      { key: 'level', value: { stringValue: 'Informationen' } },
                      { key: 'message', value: { stringValue: GERMAN } },
                      {
                        key: 'event_data',
                        value: {
                          kvlistValue: {
                            values: Object.entries(FIELDS).map(([key, stringValue]) => ({
                              key,
                              value: { stringValue },
                            })),
                          },
                        },
                      },
                    ],
                  },
                },
              },
            ],
          },
        ],
      },
    ],
  }),
  winlogbeat: json({
    ...beat,
    '@metadata': { beat: 'winlogbeat', type: '_doc', version: '8.17.0' },
    agent: { type: 'winlogbeat', version: '8.17.0' },
  }),
  elasticAgent: json({
    ...beat,
    agent: { type: 'filebeat', version: '8.17.0' },
    data_stream: { type: 'logs', dataset: 'windows.sysmon_operational', namespace: 'default' },
  }),
  nxlog: json({
    EventTime: '2026-04-02T08:15:30.130123Z',
    Hostname: HOST,
    Keywords: '9223372036854775808',
    EventType: 'INFO',
    SeverityValue: 2,
    Severity: 'INFO',
    EventID: 5,
    SourceName: PROVIDER,
    ProviderGuid: PROVIDER_GUID.toUpperCase(),
    Version: 3,
    TaskValue: 5,
    OpcodeValue: 0,
    RecordNumber: 90210,
    ExecutionProcessID: 3100,
    ExecutionThreadID: 4200,
    Channel: CHANNEL,
    Domain: 'NT AUTHORITY',
    AccountName: 'SYSTEM',
    UserID: 'S-1-5-18',
    AccountType: 'User',
    Message: GERMAN,
    ...FIELDS,
    EventReceivedTime: '2026-04-02 10:15:31',
    SourceModuleName: 'sysmon',
    SourceModuleType: 'im_msvistalog',
  }),
  wazuh: json({
    timestamp: '2026-04-02T08:15:32.000+0000',
    agent: { id: '001', name: 'ws01' },
    manager: { name: 'wazuh' },
    decoder: { name: 'windows_eventchannel' },
    data: {
      win: {
        system: {
          providerName: PROVIDER,
          providerGuid: PROVIDER_GUID,
          eventID: '5',
          version: '3',
          level: '4',
          task: '5',
          opcode: '0',
          keywords: '0x8000000000000000',
          systemTime: TIME,
          eventRecordID: '90210',
          processID: '3100',
          threadID: '4200',
          channel: CHANNEL,
          computer: HOST,
          severityValue: 'INFORMATION',
          message: `"${GERMAN}"`,
        },
        eventdata: Object.fromEntries(
          Object.entries(FIELDS).map(([name, value]) => [
            name.charAt(0).toLowerCase() + name.slice(1),
            value,
          ]),
        ),
      },
    },
  }),
  wevtutil: Buffer.from(`${xml()}\r\n`),
  /** With `/uni:true`: UTF-16. */
  wevtutilUnicode: Buffer.from(`\uFEFF${xml()}\r\n`, 'utf16le'),
  getWinEvent: json([getWinEvent]),
  /** As `>` of Windows PowerShell 5.1 writes it: UTF-16 with a byte order mark. */
  getWinEventUtf16: Buffer.from(`\uFEFF${JSON.stringify([getWinEvent], null, 2)}\r\n`, 'utf16le'),
  evtxDump: json({
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: {
        Provider: { '#attributes': { Name: PROVIDER, Guid: PROVIDER_GUID.slice(1, -1).toUpperCase() } },
        EventID: 5,
        Version: 3,
        Level: 4,
        Task: 5,
        Opcode: 0,
        Keywords: '0x8000000000000000',
        TimeCreated: { '#attributes': { SystemTime: '2026-04-02T08:15:30.130123Z' } },
        EventRecordID: 90210,
        Correlation: null,
        Execution: { '#attributes': { ProcessID: 3100, ThreadID: 4200 } },
        Channel: CHANNEL,
        Computer: HOST,
        Security: { '#attributes': { UserID: 'S-1-5-18' } },
      },
      EventData: {
        ...FIELDS,
        ProcessGuid: FIELDS.ProcessGuid.slice(1, -1).toUpperCase(),
        ProcessId: 4711,
      },
    },
  }),
  linux: json({
    _HOSTNAME: HOST,
    SYSLOG_IDENTIFIER: 'sysmon',
    PRIORITY: '6',
    MESSAGE: xml(
      'Linux-Sysmon',
      '{ff032593-a8d3-4f13-b0d6-01fc615a0f97}',
      'Linux-Sysmon/Operational',
    ).replaceAll("'", '"'),
  }),
  syslog: Buffer.from(
    `Apr  2 08:15:30 ws01 sysmon: ${xml(
      'Linux-Sysmon',
      '{ff032593-a8d3-4f13-b0d6-01fc615a0f97}',
      'Linux-Sysmon/Operational',
    )}\n`,
  ),
  kinesisAgent: json({
    EventId: 5,
    Description: GERMAN,
    LevelDisplayName: 'Informationen',
    LogName: CHANNEL,
    MachineName: HOST,
    ProviderName: PROVIDER,
    TimeCreated: TIME,
    Index: 90210,
    UserName: 'NT AUTHORITY\\SYSTEM',
    Keywords: '',
    EventData: VALUES,
    source_instance_id: 'i-0123456789abcdef0',
  }),
} satisfies Readonly<Record<string, Buffer>>;

export type RecordName = keyof typeof RECORDS;
