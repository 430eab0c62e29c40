/** The forms of ../shared/carriers: every record is read, with all its fields, or refused for a stated reason. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../../src/sources/decode.ts';
import { recordsOf } from '../../src/sources/records.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../shared/carriers');
const itWithCarriers = existsSync(FOLDER) ? it : it.skip; // says that it skips where ../shared is absent

/** File ► form, and the number of fields of each event. */
const TABLE: Readonly<Record<string, readonly [form: string, fields: readonly number[]]>> = {
  'cloudwatch_subscription.json.gz': ['event-xml', [14, 7, 20]],
  'control_winlogbeat.ndjson': ['winlogbeat', [18, 8, 21]],
  'evtx_dump_json.ndjson': ['evtx-json', [14, 7, 20]],
  'fluentbit_winevtlog_default.ndjson': ['fluent-bit', [18, 8, 21]],
  'fluentbit_winevtlog_eventdata_map.ndjson': ['fluent-bit', [18, 8, 21]],
  'fluentbit_winevtlog_xml.ndjson': ['event-xml', [14, 7, 20]],
  'get_winevent_5.1.json': ['get-winevent', [23]],
  'get_winevent_7.json': ['get-winevent', [23]],
  'kinesis_localized.ndjson': ['kinesis-agent', [23, 23]],
  'nxlog_json_flat_mordor.ndjson': ['nxlog', [18, 8, 21]],
  'otel_body.ndjson': ['opentelemetry', [18, 8, 21]],
  'otel_otlp_json.ndjson': ['event-xml', [14, 7, 20]],
  'source_document_example.json': ['kinesis-agent', [8]],
  'sysmon_for_linux_xml.ndjson': ['event-xml', [23]],
  'syslog_wrapped_linux.ndjson': ['event-xml', [23]],
  'vector_two_hosts.ndjson': ['vector', [8, 8, 8]],
  'vector_windows_event_log.ndjson': ['vector', [18, 8, 21]],
  'wazuh_archives.ndjson': ['wazuh', [18, 8, 21]],
  'xml_lines.ndjson': ['event-xml', [14, 7, 20]],
};

describe('the forms in which events arrive', () => {
  itWithCarriers('are all in the table', () => {
    const files = readdirSync(FOLDER).filter((file) => !file.startsWith('README') && !file.endsWith('.csv'));
    expect(files.sort()).toEqual(Object.keys(TABLE).sort());
  });

  it.each(Object.keys(TABLE))('%s', async (file) => {
    if (!existsSync(FOLDER)) return;
    const [form, fields] = TABLE[file]!;
    const found: unknown[] = [];
    for await (const { bytes } of recordsOf(createReadStream(path.join(FOLDER, file)))) {
      const decoded = decodeRecord(bytes, 'auto');
      found.push(
        decoded.event === undefined
          ? decoded.reason
          : [decoded.format, Object.keys(decoded.event.Description).length],
      );
    }
    expect(found).toEqual(fields.map((count) => [form, count]));
  });

  itWithCarriers('of two hosts are two hosts, with a number each', async () => {
    const hosts: unknown[] = [];
    for await (const { bytes } of recordsOf(createReadStream(path.join(FOLDER, 'vector_two_hosts.ndjson')))) {
      const { event } = decodeRecord(bytes, 'auto');
      hosts.push([event?.MachineName, event?.Index]);
    }
    expect(hosts).toEqual([
      ['HOST-A', '1'],
      ['HOST-B', '99'],
      ['HOST-B', '100'],
    ]);
  });
});
