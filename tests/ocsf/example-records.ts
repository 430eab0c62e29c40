/**
 * One valid record of every class, small enough to be read, for the tests of this room.
 */

import { classByUid } from '../../src/ocsf/schemas.ts';
import type { OcsfSchema } from '../../src/ocsf/schema.ts';

export type JsonObject = Record<string, unknown>;

const user = { name: 'CONTOSO\\ada', uid: 'S-1-5-21-1-2-3-1001', email_addr: 'ada@example.com' };

const file = {
  name: 'notes.exe',
  path: 'C:\\Tools\\notes.exe',
  type_id: 1,
  type: 'Regular File',
  size: 4096,
  hashes: [
    { algorithm_id: 3, algorithm: 'SHA-256', value: 'a'.repeat(64) },
    { algorithm_id: 99, algorithm: 'IMPHASH', value: 'b'.repeat(32) },
  ],
};

const process = {
  pid: 4242,
  uid: '{11111111-2222-3333-4444-555555555555}',
  name: 'notes.exe',
  cmd_line: 'notes.exe /quiet',
  file,
  user,
  session: { uuid: '11111111-2222-3333-4444-555555555555' },
  parent_process: { pid: 4, name: 'System' },
};

const device = {
  hostname: 'ws-01.contoso.example',
  ip: '10.0.0.5',
  mac: '02:00:00:00:00:01',
  type_id: 2,
  type: 'Desktop',
  os: { name: 'Windows', type_id: 100, type: 'Windows' },
};

const attack = {
  tactic: { uid: 'TA0005' },
  technique: { uid: 'T1055', name: 'Process Injection' },
  version: '14',
};

const actor = { process, user };
const endpoint = { ip: '10.0.0.5', port: 50123, hostname: 'ws-01.contoso.example' };

interface Example {
  readonly activityId: number;
  readonly profiles: readonly string[];
  readonly values: JsonObject;
  readonly observables?: readonly JsonObject[];
}

const host = ['host'];
const hostname = { name: 'device.hostname', type_id: 1, type: 'Hostname', value: device.hostname };

const EXAMPLES: Readonly<Record<number, Example>> = {
  0: {
    activityId: 99,
    profiles: [],
    values: { activity_name: 'Config', enrichments: [{ name: 'join', value: 'hit', data: { any: [null] } }] },
  },
  1001: {
    activityId: 1,
    profiles: ['host', 'security_control', 'datetime'],
    values: {
      actor,
      device,
      file,
      action_id: 1,
      action: 'Allowed',
      disposition_id: 17,
      disposition: 'Logged',
      attacks: [attack],
      time_dt: '2026-01-02T03:04:05.678Z',
    },
    observables: [
      hostname,
      { name: 'file.hashes[0].value', type_id: 8, type: 'Hash', value: 'a'.repeat(64) },
    ],
  },
  1002: { activityId: 1, profiles: host, values: { actor, device, driver: { file } } },
  1003: {
    activityId: 3,
    profiles: host,
    values: { actor, device, kernel: { name: 'token', type_id: 2, type: 'System Call' } },
  },
  1004: { activityId: 7, profiles: host, values: { actor, device, process, size: 65536 } },
  1005: {
    activityId: 1,
    profiles: host,
    values: { actor, device, module: { file, load_type_id: 0, load_type: 'Unknown' } },
  },
  1007: {
    activityId: 1,
    profiles: host,
    values: { actor, device, process, exit_code: 0 },
    observables: [
      hostname,
      { name: 'process.file.name', type_id: 7, type: 'File Name', value: file.name },
      { name: 'actor.process.parent_process', type_id: 25, type: 'Process' },
    ],
  },
  3004: { activityId: 1, profiles: host, values: { actor, device, entity: { name: 'filter', uid: '1' } } },
  4001: {
    activityId: 1,
    profiles: host,
    values: {
      actor,
      device,
      src_endpoint: endpoint,
      dst_endpoint: { ip: '2001:db8::1', port: 443, location: { country: 'CH', city: 'Bern' } },
      connection_info: { direction_id: 2, direction: 'Outbound', protocol_num: 6, protocol_name: 'tcp' },
      start_time: 1_700_000_000_000,
    },
    observables: [{ name: 'dst_endpoint.ip', type_id: 2, type: 'IP Address', value: '2001:db8::1' }],
  },
  4003: {
    activityId: 6,
    profiles: host,
    values: {
      actor,
      device,
      src_endpoint: endpoint,
      query: { hostname: 'www.example.com', type: 'A' },
      answers: [
        { rdata: '192.0.2.1', type: 'A', flag_ids: [0, 1] },
        { rdata: 'example.com', flag_ids: [99], flags: ['odd'] },
      ],
      rcode_id: 0,
      rcode: 'NoError',
    },
    observables: [{ name: 'answers[].rdata', type_id: 0, type: 'Unknown' }],
  },
  4010: {
    activityId: 1,
    profiles: host,
    values: { actor, device, file, src_endpoint: endpoint },
  },
  5019: { activityId: 1, profiles: host, values: { actor, device } },
  6002: {
    activityId: 99,
    profiles: host,
    values: { activity_name: 'Fail', device, app: { name: 'Sysmon', vendor_name: 'Microsoft' } },
  },
  201001: {
    activityId: 1,
    profiles: host,
    values: { actor, device, reg_key: { path: 'HKLM\\Software\\X' } },
  },
  201002: {
    activityId: 2,
    profiles: host,
    values: { actor, device, reg_value: { name: 'Run', path: 'HKLM\\Software\\X', data: { any: [1, 'x'] } } },
  },
  201003: {
    activityId: 1,
    profiles: host,
    values: { actor, device, win_resource: { name: 'pipe', type_id: 99, type: 'Named Pipe' } },
  },
  201004: {
    activityId: 3,
    profiles: host,
    values: { actor, device, win_service: { name: 'Sysmon64', cmd_line: 'Sysmon64.exe' } },
  },
};

/** A fresh, valid record of each class that the schema's tables hold. */
export function exampleRecords(schema: OcsfSchema): JsonObject[] {
  return Object.entries(EXAMPLES).flatMap(([uid, example]) => {
    const eventClass = classByUid(schema, Number(uid));
    if (!eventClass) return [];
    const { activityId, profiles, values, observables } = example;
    const record = {
      activity_id: activityId,
      type_uid: eventClass.uid * 100 + activityId,
      class_uid: eventClass.uid,
      class_name: eventClass.caption,
      category_uid: eventClass.categoryUid,
      category_name: eventClass.categoryName,
      severity_id: 1,
      severity: 'Informational',
      time: 1_700_000_000_123,
      metadata: {
        version: schema.version,
        profiles,
        product: { name: 'Sysmon', vendor_name: 'Microsoft Sysinternals' },
      },
      unmapped: { RuleName: 'x', constructor: 'y' },
      ...(observables && { observables }),
      ...values,
    };
    // Not structuredClone: the copies of `file` and `process` must not be one object.
    return [JSON.parse(JSON.stringify(record)) as JsonObject];
  });
}

/** The example of one class. */
export function exampleRecord(schema: OcsfSchema, classUid: number): JsonObject {
  const record = exampleRecords(schema).find((example) => example.class_uid === classUid);
  if (!record) throw new Error(`no example of class ${classUid}`);
  return record;
}
