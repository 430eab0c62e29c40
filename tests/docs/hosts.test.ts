/** docs/hosts.md: its configurations say what the text says, and what agents send with them is read. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { parse } from 'yaml';
import { decodeRecord } from '../../src/sources/decode.ts';
import { messageRecords, recordsOf } from '../../src/sources/records.ts';
import type { Obtained, SourceFormat } from '../../src/sources/source.ts';
import { collect } from '../sources/collect.ts';
import { blocksOf } from './blocks.ts';
import { CHANNEL, FIELDS, HOST, RECORDS, type RecordName } from './host-records.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CARRIERS = path.resolve(ROOT, '../shared/carriers');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const page = read('docs/hosts.md');
const blocks = blocksOf(page);

/** The texts of a section's blocks in a language. */
const textsOf = (section: string, language: string): string[] =>
  blocks.filter((block) => block.section === section && block.language === language).map(({ text }) => text);
const yamlOf = (section: string, at = 0): unknown => parse(textsOf(section, 'yaml')[at] ?? '');

const STREAM = '<LogCollectionStreamName>';
const ROLE = '<KinesisAgentIAMRoleARN>';

describe('the blocks of docs/hosts.md', () => {
  it('are all in a language that is checked here', () => {
    expect([...new Set(blocks.map(({ language }) => language))].toSorted()).toEqual([
      'apacheconf',
      'json',
      'powershell',
      'sh',
      'sql',
      'xml',
      'yaml',
    ]);
  });

  it.each(blocks.filter(({ language }) => ['json', 'yaml'].includes(language)))(
    'parse: $section, $language',
    ({ language, text }) => {
      const parsed: unknown = language === 'yaml' ? parse(text) : JSON.parse(text);
      expect(parsed).toBeInstanceOf(Object);
    },
  );

  it('name only outputs of the template', () => {
    const outputs = new Set(
      read('template.yaml')
        .split('\nOutputs:\n')[1]
        ?.match(/^ {2}\w+(?=:)/gm)
        ?.map((name) => name.trim()),
    );
    const named = blocks
      .filter(({ language }) => !['sql', 'xml', 'apacheconf'].includes(language))
      .flatMap(({ text }) => [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(outputs).toContain(name);
  });

  it('are found from the table of agents and from links', () => {
    const anchors = new Set(
      [...page.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(anchors).toContain(link);
  });
});

describe('the configuration', () => {
  it('of Fluent Bit sends the XML of events in UTF-8, to the stream', () => {
    expect(yamlOf('Fluent Bit')).toMatchObject({
      pipeline: {
        inputs: [{ name: 'winevtlog', channels: CHANNEL, render_event_as_xml: true, use_ansi: false }],
        outputs: [{ name: 'kinesis_streams', match: '*', stream: STREAM, role_arn: ROLE }],
      },
    });
    expect(textsOf('Fluent Bit', 'yaml')[0]).not.toContain('log_key');
  });

  it('of the CloudWatch agent sends the XML of all levels, to the log group that deploy.md subscribes', () => {
    const configuration: unknown = JSON.parse(textsOf('CloudWatch agent', 'json')[0] ?? '');
    expect(configuration).toMatchObject({
      logs: {
        logs_collected: {
          windows_events: {
            collect_list: [{ event_name: CHANNEL, event_format: 'xml', log_group_name: 'sysmon' }],
          },
        },
      },
    });
    expect(JSON.stringify(configuration)).toContain('["INFORMATION","WARNING","ERROR","CRITICAL","VERBOSE"]');
    const commands = blocksOf(read('docs/deploy.md'))
      .map(({ text }) => text)
      .filter((text) => text.includes('put-subscription-filter'));
    expect(commands).toEqual([
      expect.stringMatching(/--log-group-name sysmon [^]+--role-arn <CloudWatchLogsRoleARN>/),
      expect.stringMatching(/--log-group-name sysmon [^]+--destination-arn <CloudWatchLogsDestinationARN>/),
    ]);
  });

  it('of Vector sends JSON without rendered messages, to the stream or to the bucket', () => {
    const acknowledgements = { enabled: true };
    expect(yamlOf('Vector')).toMatchObject({
      sources: { sysmon: { type: 'windows_event_log', channels: [CHANNEL], render_message: false } },
      sinks: {
        stream: {
          type: 'aws_kinesis_streams',
          inputs: ['sysmon'],
          stream_name: STREAM,
          auth: { assume_role: ROLE },
          encoding: { codec: 'json' },
          acknowledgements,
        },
      },
    });
    expect(yamlOf('Vector', 1)).toMatchObject({
      sinks: {
        bucket: {
          type: 'aws_s3',
          inputs: ['sysmon'],
          bucket: '<StagingLogBucketName>',
          encoding: { codec: 'json' },
          framing: { method: 'newline_delimited' },
          acknowledgements,
        },
      },
    });
  });

  it('of the OpenTelemetry Collector sends raw events as OTLP JSON, and uses each part that it declares', () => {
    const configuration = yamlOf('OpenTelemetry Collector');
    expect(configuration).toMatchObject({
      receivers: { windowseventlog: { channel: CHANNEL, raw: true, suppress_rendering_info: true } },
      exporters: {
        awskinesis: { aws: { stream_name: STREAM, role: ROLE }, encoding: { name: 'otlp_json' } },
      },
      service: {
        extensions: ['file_storage'],
        pipelines: { logs: { receivers: ['windowseventlog'], exporters: ['awskinesis'] } },
      },
    });
    expect(configuration).toHaveProperty('extensions.file_storage.directory');
  });

  it.each([
    ['Winlogbeat', { 'winlogbeat.event_logs': [{ name: CHANNEL }], 'output.kafka': { topic: 'sysmon' } }],
    [
      'Elastic Agent',
      {
        outputs: { default: { type: 'kafka', topic: 'sysmon' } },
        inputs: [{ type: 'winlog', use_output: 'default', streams: [{ name: CHANNEL }] }],
      },
    ],
  ])('of %s sends to the topic that the stack reads by default', (section, expected) => {
    expect(yamlOf(section)).toMatchObject(expected);
    expect(parse(read('template.yaml'), { logLevel: 'silent' })).toMatchObject({
      Parameters: { KafkaTopicName: { Default: 'sysmon' } },
    });
  });

  it('of Winlogbeat leaves its sysmon module out', () => {
    expect(textsOf('Winlogbeat', 'yaml')[0]).not.toMatch(/module|processors|pipeline/);
  });

  it('of NXLog writes times in UTC', () => {
    const [text = ''] = textsOf('NXLog', 'apacheconf');
    expect(text).toContain(`<Select Path="${CHANNEL}">*</Select>`);
    expect(text).toMatch(/Module +im_msvistalog/);
    expect(text).toMatch(/\$EventTime = strftime\(\$EventTime, 'YYYY-MM-DDThh:mm:ss\.sUTC'\); to_json\(\);/);
    const opened = [...text.matchAll(/^<(\w+)/gm)].map(([, name]) => name);
    expect([...text.matchAll(/^<\/(\w+)>/gm)].map(([, name]) => name)).toEqual(opened);
  });

  it('of Wazuh reads the channel as an event channel', () => {
    expect(new XMLParser().parse(textsOf('Wazuh', 'xml')[0] ?? '')).toEqual({
      ossec_config: { localfile: { location: CHANNEL, log_format: 'eventchannel' } },
    });
  });

  it('of Sysmon for Linux reads its journal', () => {
    expect(yamlOf('Sysmon for Linux')).toMatchObject({
      pipeline: {
        inputs: [{ name: 'systemd', systemd_filter: 'SYSLOG_IDENTIFIER=sysmon' }],
        outputs: [{ name: 'kinesis_streams', stream: STREAM, role_arn: ROLE }],
      },
    });
  });

  it('of Kinesis Agent is the file that comes with the project, described key by key', () => {
    const file = JSON.parse(read('kinesis_agent_configuration.json')) as Record<string, unknown>; // true: an object of settings
    expect(file).toMatchObject({
      Sources: [{ LogName: CHANNEL, IncludeEventData: true, BookmarkOnBufferFlush: true }],
      Sinks: [{ SinkType: 'KinesisStream', StreamName: STREAM, Format: 'json', RoleARN: ROLE }],
    });
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    for (const [name, value] of Object.entries(file)) {
      if (!Array.isArray(value)) {
        expect(rows).toContainEqual(expect.stringContaining(`\`${name}\``));
        continue;
      }
      for (const key of value.flatMap((item: object) => Object.keys(item))) {
        const isDescribed = rows.some(
          (row) => row.startsWith(`| \`${name}[].`) && new RegExp(`[.\`]${key}\``).test(row),
        );
        expect([name, key, isDescribed]).toEqual([name, key, true]);
      }
    }
  });
});

/** What reaches the stack from an agent, the form in which its event is, and how its fields are obtained. */
const SENT: readonly [RecordName, SourceFormat, Obtained][] = [
  ['fluentBit', 'event-xml', 'named'],
  ['fluentBitWithoutXml', 'fluent-bit', 'positional'],
  ['cloudWatch', 'event-xml', 'named'],
  ['cloudWatchText', 'cloudwatch-text', 'localised text'],
  ['vector', 'vector', 'named'],
  ['openTelemetry', 'event-xml', 'named'],
  ['openTelemetryBody', 'opentelemetry', 'named'],
  ['winlogbeat', 'winlogbeat', 'named'],
  ['elasticAgent', 'elastic-agent', 'named'],
  ['nxlog', 'nxlog', 'named'],
  ['wazuh', 'wazuh', 'named'],
  ['wevtutil', 'event-xml', 'named'],
  ['wevtutilUnicode', 'event-xml', 'named'],
  ['getWinEvent', 'get-winevent', 'positional'],
  ['getWinEventUtf16', 'get-winevent', 'positional'],
  ['evtxDump', 'evtx-json', 'named'],
  ['linux', 'event-xml', 'named'],
  ['syslog', 'event-xml', 'named'],
  ['kinesisAgent', 'kinesis-agent', 'positional'],
];

describe('an event of a host whose messages are German', () => {
  it('is tried in the form of each agent', () => {
    expect(SENT.map(([name]) => name).toSorted()).toEqual(Object.keys(RECORDS).toSorted());
  });

  it.each(SENT)('is read as sent by %s: %s, %s', async (name, format, obtained) => {
    const records = await messageRecords(RECORDS[name]);
    expect(records).toHaveLength(1);
    const decoded = decodeRecord(records[0]!.bytes, 'auto');
    expect(decoded).toMatchObject({
      format,
      obtained,
      event: { EventId: 5, MachineName: HOST, Description: FIELDS },
    });
    expect(decoded.event?.TimeCreated).toMatch(/^2026-04-02T08:15:30(?:\.13\d*)?Z$/);
    // The only form without a record number.
    expect(decoded.event?.Index).toBe(name === 'cloudWatchText' ? undefined : '90210');
  });
});

/** The examples of the same forms beside the checkout, where they are. */
const itWithCarriers = existsSync(CARRIERS) ? it : it.skip;

describe('the examples of each form', () => {
  itWithCarriers.each<[string, SourceFormat]>([
    ['fluentbit_winevtlog_xml.ndjson', 'event-xml'],
    ['fluentbit_winevtlog_default.ndjson', 'fluent-bit'],
    ['fluentbit_winevtlog_eventdata_map.ndjson', 'fluent-bit'],
    ['cloudwatch_subscription.json.gz', 'event-xml'],
    ['vector_windows_event_log.ndjson', 'vector'],
    ['otel_otlp_json.ndjson', 'event-xml'],
    ['otel_body.ndjson', 'opentelemetry'],
    ['control_winlogbeat.ndjson', 'winlogbeat'],
    ['nxlog_json_flat_mordor.ndjson', 'nxlog'],
    ['wazuh_archives.ndjson', 'wazuh'],
    ['xml_lines.ndjson', 'event-xml'],
    ['evtx_dump_json.ndjson', 'evtx-json'],
    ['get_winevent_5.1.json', 'get-winevent'],
    ['get_winevent_7.json', 'get-winevent'],
    ['sysmon_for_linux_xml.ndjson', 'event-xml'],
    ['syslog_wrapped_linux.ndjson', 'event-xml'],
  ])('are read: %s as %s', async (file, format) => {
    const records = await collect(recordsOf(createReadStream(path.join(CARRIERS, file))));
    expect(records.length).toBeGreaterThan(0);
    for (const { bytes } of records) {
      const decoded = decodeRecord(bytes, 'auto');
      expect(decoded).toMatchObject({ format, event: { MachineName: expect.stringMatching(/./) } });
      expect(Object.keys(decoded.event?.Description ?? {}).length).toBeGreaterThan(4);
    }
  });
});
