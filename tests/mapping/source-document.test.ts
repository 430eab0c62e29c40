/** The mapping of the source document, pasted as it is, loads and runs. */
import { describe, expect, it } from '@jest/globals';
import { compileMappingText } from '../../src/mapping/load.ts';
import { compiled, eventOf, TIME_MS, UTC_TIME } from './mappings.ts';
import { shapeErrors } from './shape.ts';
import { SHORTENED, sourceDocumentMapping } from './source-document.ts';

const GUID = '{6a910b9d-498a-5ee0-c903-000000000400}';
const rest = { MachineName: 'host', UserDefined: { source_instance_id: 'i-07ce7e37ac862c585' } };
const launched = (EventId: number): Parameters<typeof eventOf> => [
  {
    RuleName: 'r',
    ProcessGuid: GUID,
    ProcessId: '6196',
    Image: 'C:\\a.exe',
    User: 'A\\b',
    CommandLine: 'a -x',
  },
  { ...rest, EventId },
];
const written = (EventId: number): Parameters<typeof eventOf> => [
  {
    RuleName: 'r',
    ProcessGuid: GUID,
    ProcessId: '6196',
    Image: 'C:\\a.exe',
    TargetFilename: 'C:\\b.txt',
    CreationUtcTime: UTC_TIME,
    User: 'A\\b',
  },
  { ...rest, EventId },
];

const document = sourceDocumentMapping();
describe.each([
  ['of the source document', document],
  ['of the same form', SHORTENED],
])('a mapping %s', (_, text) => {
  const available = text === undefined ? it.skip : it;
  const recordOf = (event: ReturnType<typeof eventOf>): Record<string, unknown> => {
    const entry = compiled(text ?? '').find(event)!;
    const { record, failed } = entry.map(event);
    expect(failed).toEqual([]);
    expect(shapeErrors(record, compiled(text ?? '').tables.get(entry.schema)!.columns)).toEqual([]);
    return JSON.parse(JSON.stringify(record)) as Record<string, unknown>;
  };

  available('loads without an error; what OCSF would have otherwise is warned of', () => {
    const { mapping, problems } = compileMappingText(text ?? '');
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'OCSF wants a list at metadata.profiles; the value is taken as a list of one',
        'OCSF wants an object (process) at actor.process; the value is kept as text',
        'OCSF wants an object (user) at process.user; the value is kept as text',
      ]),
    );
    expect(mapping?.sourceName).toBe('windows-sysmon');
    expect(mapping?.entries.map(({ key, schema }) => [key, schema])).toEqual([
      ['1', 'process_activity'],
      ['5', 'process_activity'],
      ['11', 'file_activity'],
      ['23', 'file_activity'],
    ]);
    expect(mapping?.entries.some(({ joins }) => joins)).toBe(false);
  });

  available.each([
    [1, 1, 'Launch'],
    [5, 2, 'Terminate'],
  ])('maps event %d to process activity', (eventId, activityId, activityName) => {
    const record = recordOf(eventOf(...launched(eventId)));
    expect(record).toEqual({
      time: TIME_MS,
      metadata: {
        profiles: ['host'],
        version: 'v1.1.0',
        product: { name: 'System Monitor (Sysmon)', vendor_name: 'Microsoft Sysinternals', version: 'v15.0' },
        uid: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      severity: 'Informational',
      severity_id: 1,
      category_uid: 1,
      category_name: 'System Activity',
      class_uid: 1007,
      class_name: 'Process Activity',
      type_uid: 100701,
      type_name: 'Process Activity: Launch',
      activity_id: activityId,
      activity_name: activityName,
      actor: { process: 'C:\\a.exe' },
      device: { type_id: 6, type: 'Virtual', instance_uid: 'i-07ce7e37ac862c585' },
      process: { pid: 6196, uid: GUID, name: 'C:\\a.exe', user: 'A\\b' },
      unmapped: { rulename: 'r', CommandLine: 'a -x', MachineName: 'host' },
    });
  });

  available.each([
    [11, 1, 'Create'],
    [23, 4, 'Delete'],
  ])('maps event %d to file activity', (eventId, activityId, activityName) => {
    const record = recordOf(eventOf(...written(eventId)));
    expect(record).toMatchObject({
      time: TIME_MS,
      class_uid: 1001,
      class_name: 'File Activity',
      type_uid: 100101,
      activity_id: activityId,
      activity_name: activityName,
      actor: { process: 'C:\\a.exe' },
      device: { type_id: 6, instance_uid: 'i-07ce7e37ac862c585' },
      file: { name: 'C:\\b.txt', type_uid: '1' },
      unmapped: {
        rulename: 'r',
        creation_utc_time: UTC_TIME,
        'process.pid': '6196',
        'process.uid': GUID,
        'process.name': 'C:\\a.exe',
        'process.user': 'A\\b',
        MachineName: 'host',
      },
    });
  });

  available('has no entry for any other event', () => {
    expect(compiled(text ?? '').find(eventOf({}, { EventId: 3 }))).toBeUndefined();
  });
});
