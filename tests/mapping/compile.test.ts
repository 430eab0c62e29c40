import { describe, expect, it } from '@jest/globals';
import { eventUid } from '../../src/sysmon/identity.ts';
import {
  attributeOf,
  compiled,
  entriesText,
  eventOf,
  fields,
  mapWith,
  nodeText,
  TIME_MS,
  told,
  UTC_TIME,
} from './mappings.ts';

const AT = '/custom_source_events/ocsf_mapping/1';
const metadata = { version: '1.1.0', product: { vendor_name: 'Microsoft Sysinternals' } };

describe('a record is completed', () => {
  it('with its class and category, by the name of the schema', () => {
    expect(mapWith({}, eventOf({})).record).toMatchObject({
      class_uid: 1007,
      class_name: 'Process Activity',
      category_uid: 1,
      category_name: 'System Activity',
    });
    expect(mapWith({}, eventOf({}), { schema: 'dns_activity' }).record).toMatchObject({
      class_uid: 4003,
      class_name: 'DNS Activity',
      category_uid: 4,
      category_name: 'Network Activity',
    });
  });

  it('with the class that class_uid names, whatever the schema is called', () => {
    expect(mapWith({ class_uid: 1001 }, eventOf({}), { schema: 'my_files' }).record).toMatchObject({
      class_uid: 1001,
      class_name: 'File System Activity',
    });
  });

  it('with type_uid and type_name from its activity', () => {
    expect(mapWith({ activity_id: 1 }, eventOf({})).record).toMatchObject({
      type_uid: 100701,
      type_name: 'Process Activity: Launch',
      activity_name: 'Launch',
    });
    expect(mapWith({}, eventOf({})).record).not.toHaveProperty('type_uid');
  });

  it('with type_uid, but no words of its own, for an activity that OCSF calls other', () => {
    const { record } = mapWith({ activity_id: 99 }, eventOf({}));
    expect(record).toMatchObject({ activity_id: 99, type_uid: 100799 });
    expect(record).not.toHaveProperty('activity_name');
  });

  it('with captions beside its ids, at every depth', () => {
    const node = { severity_id: 1, device: { type_id: 6, os: { name: 'Windows', type_id: 100 } } };
    expect(mapWith(node, eventOf({})).record).toMatchObject({
      severity: 'Informational',
      device: { type: 'Virtual', os: { type: 'Windows' } },
    });
  });

  it('but never against what the mapping states', () => {
    const node = {
      class_name: 'File Activity',
      type_uid: 100701,
      activity_id: 2,
      severity_id: 1,
      severity: 'As ever',
      status_id: 1,
      status: null,
      metadata: { ...metadata, uid: '$.Index' },
    };
    const { record } = mapWith(node, eventOf({}, { Index: '7' }));
    expect(record).toMatchObject({
      class_name: 'File Activity',
      type_uid: 100701,
      type_name: 'Process Activity: Launch',
      severity: 'As ever',
      metadata: { uid: '7' },
    });
    expect(record).not.toHaveProperty('status');
  });

  it("with no caption beside 99, which stands for the source's own word", () => {
    const node = {
      process: {
        pid: 4,
        integrity: '$.Description.IntegrityLevel',
        integrity_id: {
          enum: { evaluate: '$.Description.IntegrityLevel', values: { Low: 2, '': null }, other: 99 },
        },
      },
    };
    expect(mapWith(node, eventOf({ IntegrityLevel: 'Low' })).record.process).toMatchObject({
      integrity: 'Low',
      integrity_id: 2,
    });
    expect(mapWith(node, eventOf({ IntegrityLevel: 'AppContainer' })).record.process).toMatchObject({
      integrity: 'AppContainer',
      integrity_id: 99,
    });
    expect(mapWith(node, eventOf({})).record.process).toEqual({ pid: 4 });
    expect(mapWith({ severity_id: 99 }, eventOf({})).record).not.toHaveProperty('severity');
  });

  it('with the identity of the event in metadata.uid', () => {
    const event = eventOf({}, { MachineName: 'host', Index: '7', TimeCreated: '2020-06-10T02:50:54.631Z' });
    expect(mapWith({}, event).record.metadata).toMatchObject({ version: '1.1.0', uid: eventUid(event) });
  });
});

describe('the time of a record', () => {
  it('is what the mapping states, in epoch milliseconds', () => {
    const { record, timeMs } = mapWith({}, eventOf({}));
    expect([record.time, timeMs]).toEqual([TIME_MS, TIME_MS]);
    expect(record).not.toHaveProperty('unmapped');
  });

  it('is by the timestamp of the mapping where it states none', () => {
    const { timeMs, record } = mapWith({ time: null }, eventOf({}));
    expect(timeMs).toBe(TIME_MS);
    expect(record.time).toBe(TIME_MS);
  });

  it('may be of the format that the mapping names', () => {
    const { timeMs } = mapWith({}, eventOf({ UtcTime: '10.06.2020 02:50' }), { format: '%d.%m.%Y %H:%M' });
    expect(timeMs).toBe(Date.UTC(2020, 5, 10, 2, 50));
  });

  it.each(['0001-01-01 00:00:00.000', '1970-01-01 00:00:00.000', '2100-01-01 00:00:00.000', 'soon'])(
    'is when the log wrote the event where %s cannot be',
    (UtcTime) => {
      const event = eventOf({ UtcTime }, { TimeCreated: '2020-06-10T02:50:54.6310000Z' });
      const { timeMs, record, failed } = mapWith({}, event);
      expect(timeMs).toBe(TIME_MS);
      expect(failed).toEqual(['time']);
      expect(record.unmapped).toMatchObject({ UtcTime });
    },
  );

  it('is absent where the event has none, which does not fail it', () => {
    const { timeMs, record } = mapWith({}, eventOf({ UtcTime: '' }));
    expect(timeMs).toBeUndefined();
    expect(record).not.toHaveProperty('time');
  });

  it('keeps in unmapped what is finer than a millisecond', () => {
    const event = eventOf({ UtcTime: '2022-05-13T08:54:05.1234567Z' });
    expect(mapWith({}, event).record).toMatchObject({
      time: Date.UTC(2022, 4, 13, 8, 54, 5, 123),
      unmapped: { UtcTime: '2022-05-13T08:54:05.1234567Z' },
    });
    expect(mapWith({}, eventOf({ UtcTime: '2022-05-13T08:54:05.1230000Z' })).record).not.toHaveProperty(
      'unmapped',
    );
  });
});

describe('absent means absent', () => {
  const process = {
    pid: '$.Description.ProcessId',
    name: '$.Description.Image',
    uid: '$.Description.ProcessGuid',
  };

  it.each(['', '-'])('for the text %j', (Image) => {
    expect(attributeOf('process', process, { ProcessId: '4', Image })).toEqual({ pid: 4 });
  });

  it('for an object with nothing in it, up to the outermost', () => {
    const node = {
      actor: {
        process: { ...process, file: { name: '$.Description.Image' } },
        user: { name: '$.Description.User' },
      },
    };
    expect(mapWith(node, eventOf({})).record).not.toHaveProperty('actor');
  });

  it('for a list with nothing in it', () => {
    expect(
      attributeOf('metadata', { ...metadata, labels: ['$.Description.RuleName'] }, { RuleName: '-' }),
    ).not.toHaveProperty('labels');
  });

  it('for literals only where the mapping says so', () => {
    expect(attributeOf('message', '-', {})).toBe('-');
    expect(attributeOf('message', '', {})).toBe('');
  });
});

describe('an object that OCSF would refuse', () => {
  it('is left out, and its fields go to unmapped', () => {
    const node = {
      process: {
        pid: '$.Description.ProcessId',
        file: { name: '$.Description.Image', type_id: 1, company_name: '$.Description.Company' },
      },
    };
    const { record } = mapWith(node, eventOf({ ProcessId: '4', Company: 'Microsoft' }));
    expect(record.process).toEqual({ pid: 4 });
    expect(record.unmapped).toEqual({ Company: 'Microsoft' });
  });

  it('is also one without any of the attributes of which it needs one', () => {
    const user = { name: '$.Description.User', domain: '$.Description.Domain' };
    const { record } = mapWith({ actor: { user } }, eventOf({ Domain: 'x' }));
    expect(record).not.toHaveProperty('actor');
    expect(record.unmapped).toEqual({ Domain: 'x' });
  });

  it('takes everything in it along', () => {
    const node = {
      process: {
        pid: '$.Description.ProcessId',
        file: {
          name: '$.Description.Image',
          type_id: 1,
          hashes: { convert: { evaluate: '$.Description.Hashes', to: 'fingerprints' } },
        },
      },
    };
    const Hashes = `MD5=${'0'.repeat(32)}`;
    const { record } = mapWith(node, eventOf({ ProcessId: '4', Hashes }));
    expect(record.process).toEqual({ pid: 4 });
    expect(record.unmapped).toEqual({ Hashes });
  });

  it('does not take along what is also kept elsewhere', () => {
    const user = { name: '$.Description.User', domain: '$.Description.Domain' };
    const { record } = mapWith(
      { actor: { user }, message: '$.Description.Domain' },
      eventOf({ Domain: 'x' }),
    );
    expect(record).not.toHaveProperty('unmapped');
  });

  it('is kept where OCSF requires it, because without it the record is no better', () => {
    const node = { process: { pid: '$.Description.ProcessId', cmd_line: '$.Description.CommandLine' } };
    expect(mapWith(node, eventOf({ CommandLine: 'x' })).record.process).toEqual({ cmd_line: 'x' });
  });

  it('is kept where the mapping never stated what is missing', () => {
    const user = { domain: '$.Description.Domain' };
    expect(attributeOf('actor', { user }, { Domain: 'x' })).toEqual({ user: { domain: 'x' } });
  });
});

describe('a text that does not fit its type', () => {
  it('is absent, goes to unmapped and is counted, and does not fail the event', () => {
    const { record, failed } = mapWith(
      {
        actor: { process: { pid: '$.Description.ProcessId', uid: '$.Description.ProcessGuid' } },
        src_endpoint: { port: '$.Description.SourcePort', ip: '$.Description.SourceIp' },
      },
      eventOf({ ProcessId: '-1', ProcessGuid: '-', SourcePort: '70000', SourceIp: '1.2.3' }),
      { schema: 'network_activity' },
    );
    expect(record).not.toHaveProperty('actor');
    expect(record.unmapped).toEqual({
      ProcessId: '-1',
      SourcePort: '70000',
      SourceIp: '1.2.3',
    });
    expect(failed).toEqual(['actor.process.pid', 'src_endpoint.port', 'src_endpoint.ip']);
  });

  it('is the same for a converter, whole or in part', () => {
    const hashes = { convert: { evaluate: '$.Description.Hashes', to: 'fingerprints' } };
    const good = `MD5=${'0'.repeat(32)}`;
    const of = (Hashes: string): ReturnType<typeof mapWith> =>
      mapWith({ process: { pid: 4, file: { name: 'a', type_id: 1, hashes } } }, eventOf({ Hashes }));
    expect(of('Unknown').failed).toEqual(['process.file.hashes']);
    expect(of('Unknown').record.unmapped).toEqual({ Hashes: 'Unknown' });
    expect(of(`${good},MD5=1`).record).toMatchObject({
      process: { file: { hashes: [{ algorithm: 'MD5' }] } },
      unmapped: { Hashes: `${good},MD5=1` },
    });
    expect(of(good).failed).toEqual([]);
    expect(of(good).record).not.toHaveProperty('unmapped');
  });

  it('may be what a converter gives: a number that the attribute has no place for', () => {
    const port = { convert: { evaluate: '$.Description.SourcePort', to: 'integer' } };
    const of = (SourcePort: string): ReturnType<typeof mapWith> =>
      mapWith({ src_endpoint: { port, hostname: 'h' } }, eventOf({ SourcePort }), {
        schema: 'network_activity',
      });
    expect(of('0x50').record.src_endpoint).toEqual({ port: 80, hostname: 'h' });
    expect(of('70000').record).toMatchObject({
      src_endpoint: { hostname: 'h' },
      unmapped: { SourcePort: '70000' },
    });
    expect(of('70000').failed).toEqual(['src_endpoint.port']);
  });

  it('may be longer than OCSF holds, for a path and for a converter', () => {
    const long = 'a'.repeat(70_000);
    const node = {
      process: {
        pid: 4,
        cmd_line: '$.Description.CommandLine',
        file: { convert: { evaluate: '$.Description.Image', to: 'file' } },
      },
    };
    const { record, failed } = mapWith(node, eventOf({ CommandLine: long, Image: `C:\\${long}` }));
    expect(record).toMatchObject({
      process: { pid: 4 },
      unmapped: { CommandLine: long, Image: `C:\\${long}` },
    });
    expect(failed).toEqual(['process.cmd_line', 'process.file']);
  });
});

describe('a list', () => {
  it('of one is what a single value becomes where OCSF wants a list, and the mapping is told so', () => {
    const node = { metadata: { ...metadata, profiles: 'host', labels: '$.Description.RuleName' } };
    expect(mapWith(node, eventOf({ RuleName: 'r' })).record.metadata).toMatchObject({
      profiles: ['host'],
      labels: ['r'],
    });
    expect(told(nodeText(node), 'warning').map(([pointer]) => pointer)).toEqual([
      `${AT}/schema_mapping/metadata/profiles`,
      `${AT}/schema_mapping/metadata/labels`,
    ]);
  });

  it('has the items that are present', () => {
    const labels = ['a', '$.Description.RuleName', '$.Description.Image'];
    expect(attributeOf('metadata', { ...metadata, labels }, { Image: 'i' })).toMatchObject({
      labels: ['a', 'i'],
    });
  });

  it('has the items of lists in it', () => {
    const attacks = { convert: { evaluate: '$.Description.RuleName', to: 'attacks' } };
    const own = { technique: { uid: 'T1', name: '$.Description.Image' } };
    expect(attributeOf('attacks', [attacks, own], { RuleName: 'technique_id=T1003', Image: 'i' })).toEqual([
      { technique: { uid: 'T1003' } },
      { technique: { uid: 'T1', name: 'i' } },
    ]);
  });

  it('has everything that a JSONPath finds', () => {
    const labels = ['$.Description[Image,RuleName]'];
    expect(attributeOf('metadata', { ...metadata, labels }, { Image: 'i', RuleName: 'r' })).toMatchObject({
      labels: ['i', 'r'],
    });
  });

  it('where OCSF wants none is the first that a JSONPath finds', () => {
    expect(attributeOf('message', '$.Description[RuleName,Image]', { RuleName: '-', Image: 'i' })).toBe('i');
  });

  it('that OCSF does not know is kept as the mapping says, flat', () => {
    expect(attributeOf('own', [['$.Description.Image'], 'b'], { Image: 'i' })).toEqual(['i', 'b']);
    expect(compiled(nodeText({ own: [['a']] })).tables.get('process_activity')?.columns).toContainEqual({
      name: 'own',
      type: { kind: 'list', element: { kind: 'string' } },
    });
  });
});

describe('first', () => {
  const first = {
    first: [
      '$.Description.User',
      { convert: { evaluate: '$.Description.Image', to: 'process_name' } },
      'none',
    ],
  };
  it('is the first that is present', () => {
    expect(attributeOf('message', first, { User: 'u', Image: 'C:\\i' })).toBe('u');
    expect(attributeOf('message', first, { User: '-', Image: 'C:\\i' })).toBe('i');
    expect(attributeOf('message', first, {})).toBe('none');
    expect(attributeOf('message', { first: ['$.Description.User'] }, {})).toBeUndefined();
  });

  it('passes over what does not fit', () => {
    const pid = { first: ['$.Description.ProcessId', '$.Description.ParentProcessId'] };
    const { record, failed } = mapWith(
      { process: { pid } },
      eventOf({ ProcessId: 'x', ParentProcessId: '4' }),
    );
    expect(record).toMatchObject({ process: { pid: 4 }, unmapped: { ProcessId: 'x' } });
    expect(failed).toEqual(['process.pid']);
  });

  it('may choose between objects, and reads nothing behind its choice', () => {
    const user = {
      first: [
        { convert: { evaluate: '$.Description.User', to: 'user' } },
        { name: '$.Description.Image', uid: 'x' },
      ],
    };
    expect(attributeOf('actor', { user }, { User: 'A\\b' })).toEqual({ user: { name: 'b', domain: 'A' } });
    expect(attributeOf('actor', { user }, { Image: 'i' })).toEqual({ user: { name: 'i', uid: 'x' } });
    expect(mapWith({ actor: { user } }, eventOf({ User: 'b', Image: 'i' })).record.unmapped).toEqual({
      Image: 'i',
    });
  });
});

describe('enum', () => {
  const activity = (values: object, other?: unknown): object => ({
    enum: { evaluate: '$.Description.EventType', values, ...(other !== undefined && { other }) },
  });

  it('is the value beside the text', () => {
    const node = activity({ CreateKey: 1, DeleteKey: 2 }, 99);
    expect(attributeOf('activity_id', node, { EventType: 'CreateKey' })).toBe(1);
    expect(attributeOf('activity_id', node, { EventType: 'createkey' })).toBe(99);
    expect(attributeOf('activity_id', node, {})).toBe(99);
    expect(attributeOf('activity_id', activity({ CreateKey: 1 }), { EventType: 'x' })).toBeUndefined();
  });

  it('has an absent text beside ""', () => {
    const node = activity({ '': 0, '-': 3 }, 99);
    expect(attributeOf('activity_id', node, {})).toBe(0);
    expect(attributeOf('activity_id', node, { EventType: '' })).toBe(0);
    expect(attributeOf('activity_id', node, { EventType: '-' })).toBe(0);
    expect(attributeOf('activity_id', activity({ '': null }, 99), {})).toBeUndefined();
  });

  it('may evaluate the EventID, which is a number', () => {
    expect(attributeOf('activity_id', { enum: { evaluate: '$.EventId', values: { '1': 1 } } }, {})).toBe(1);
  });

  it('may evaluate what a converter or first gives', () => {
    const values = { '999': 'system' };
    const evaluate = { convert: { evaluate: { first: ['$.Description.LogonId'] }, to: 'integer' } };
    expect(attributeOf('message', { enum: { evaluate, values } }, { LogonId: '0x3E7' })).toBe('system');
  });

  it('may give paths, converters and objects', () => {
    const values = {
      a: '$.Description.Image',
      b: { convert: { evaluate: '$.Description.Image', to: 'process_name' } },
    };
    expect(attributeOf('message', activity(values), { EventType: 'a', Image: 'C:\\i' })).toBe('C:\\i');
    expect(attributeOf('message', activity(values), { EventType: 'b', Image: 'C:\\i' })).toBe('i');
    const objects = activity({ a: { pid: '$.Description.ProcessId' } }, { pid: 7 });
    expect(attributeOf('process', objects, { EventType: 'a', ProcessId: '4' })).toEqual({ pid: 4 });
    expect(attributeOf('process', objects, { EventType: 'b', ProcessId: '4' })).toEqual({ pid: 7 });
    expect(
      attributeOf('process', activity({ a: null }, { pid: '$.Description.ProcessId' }), { ProcessId: '4' }),
    ).toEqual({ pid: 4 });
  });

  it('keeps its text only where it can be told from the value', () => {
    const unmapped = (values: object, EventType: string, other?: unknown): unknown =>
      mapWith({ message: activity(values, other) }, eventOf({ EventType })).record.unmapped;
    expect(unmapped({ a: 'x', b: 'y' }, 'a')).toBeUndefined();
    expect(unmapped({ a: 'x', b: 'x' }, 'a')).toEqual({ EventType: 'a' });
    expect(unmapped({ a: 'x' }, 'a', 'x')).toEqual({ EventType: 'a' });
    expect(unmapped({ a: 'x' }, 'b', 'y')).toEqual({ EventType: 'b' });
    expect(unmapped({ a: null }, 'a')).toEqual({ EventType: 'a' });
    expect(unmapped({ a: '$.Description.Nothing' }, 'a')).toEqual({ EventType: 'a' });
  });
});

describe('a converter', () => {
  it('gives an object, over which the keys beside it are laid', () => {
    const file = {
      convert: { evaluate: '$.Description.Image', to: 'file' },
      type_id: 2,
      version: '$.Description.FileVersion',
      parent_folder: null,
    };
    expect(attributeOf('process', { pid: 4, file }, { Image: 'C:\\a\\b.exe', FileVersion: '1' })).toEqual({
      pid: 4,
      file: { name: 'b.exe', path: 'C:\\a\\b.exe', type_id: 2, type: 'Folder', version: '1' },
    });
  });

  it('loses its caption with its id', () => {
    const file = { convert: { evaluate: '$.Description.Image', to: 'file' }, type_id: 99 };
    expect(attributeOf('process', { pid: 4, file }, { Image: 'b' })).toEqual({
      pid: 4,
      file: { name: 'b', type_id: 99 },
    });
  });

  it('keeps its text only where no key covers a part of it', () => {
    const unmapped = (beside: object): unknown => {
      const file = { convert: { evaluate: '$.Description.Image', to: 'file' }, ...beside };
      return mapWith({ process: { pid: 4, file } }, eventOf({ Image: 'C:\\a.exe' })).record.unmapped;
    };
    expect(unmapped({ type_id: 2, type: 'own', size: 1 })).toBeUndefined();
    expect(unmapped({ path: null })).toEqual({ Image: 'C:\\a.exe' });
    expect(unmapped({ name: 'other' })).toEqual({ Image: 'C:\\a.exe' });
  });

  it('that tells less than its text leaves the text in unmapped', () => {
    const name = { convert: { evaluate: '$.Description.Image', to: 'process_name' } };
    expect(mapWith({ process: { pid: 4, name } }, eventOf({ Image: 'C:\\a.exe' })).record).toMatchObject({
      process: { name: 'a.exe' },
      unmapped: { Image: 'C:\\a.exe' },
    });
  });

  it('of another object than OCSF wants is told', () => {
    const node = { actor: { user: { convert: { evaluate: '$.Description.Image', to: 'file' } } } };
    expect(told(nodeText(node), 'warning')).toEqual([
      [
        `${AT}/schema_mapping/actor/user`,
        'OCSF wants user at actor.user, which converter file does not give',
      ],
    ]);
  });
});

describe('what OCSF does not know', () => {
  it('is kept as text, and told with the nearest name', () => {
    const node = { process: { pid: '$.Description.ProcessId', pdi: '$.Description.ProcessId', nmae: 4 } };
    expect(mapWith(node, eventOf({ ProcessId: '4' })).record.process).toEqual({
      pid: 4,
      pdi: '4',
      nmae: '4',
    });
    expect(told(nodeText(node), 'warning')).toEqual([
      [`${AT}/schema_mapping/process/pdi`, 'OCSF has no pdi in process; the value is kept as text'],
      [
        `${AT}/schema_mapping/process/nmae`,
        'OCSF has no nmae in process; did you mean "name"?; the value is kept as text',
      ],
    ]);
  });

  it('may be a whole object, in which all is text', () => {
    const own = { a: { b: '$.Description.ProcessId' }, c: ['x', 1] };
    expect(attributeOf('own', own, { ProcessId: '4' })).toEqual({ a: { b: '4' }, c: ['x', '1'] });
  });

  it('may be text where OCSF wants an object', () => {
    const node = { actor: { process: '$.Description.Image' } };
    expect(mapWith(node, eventOf({ Image: 'i' })).record.actor).toEqual({ process: 'i' });
    expect(told(nodeText(node), 'warning')).toEqual([
      [
        `${AT}/schema_mapping/actor/process`,
        'OCSF wants an object (process) at actor.process; the value is kept as text',
      ],
    ]);
  });

  it('may be an object where OCSF wants text', () => {
    const node = { message: { text: '$.Description.Image' } };
    expect(mapWith(node, eventOf({ Image: 'i' })).record.message).toEqual({ text: 'i' });
    expect(told(nodeText(node), 'warning')).toEqual([
      [`${AT}/schema_mapping/message`, 'OCSF wants string_t at message; the object is kept as it is'],
    ]);
  });
});

describe('what only another version of OCSF has', () => {
  it('is left out in silence, and its fields go to unmapped', () => {
    const node = { process: { pid: 4, file: { name: 'a', type_id: 1, ext: '$.Description.Image' } } };
    expect(told(nodeText(node), 'warning')).toEqual([]);
    expect(mapWith(node, eventOf({ Image: 'i' })).record).toMatchObject({ unmapped: { Image: 'i' } });
    expect(mapWith(node, eventOf({ Image: 'i' })).record.process).toEqual({
      pid: 4,
      file: { name: 'a', type_id: 1, type: 'Regular File' },
    });
    expect(mapWith(node, eventOf({ Image: 'i' }), { version: '1.3.0' }).record.process).toMatchObject({
      file: { ext: 'i' },
    });
  });
});

describe('the entry for an event', () => {
  const entry = (when?: object): object => ({
    schema: 'process_activity',
    ...(when && { when }),
    schema_mapping: { metadata },
  });
  const mapping = compiled(
    entriesText({
      '12': [
        entry({ '$.Description.EventType': 'CreateKey' }),
        entry({ '$.Description.EventType': ['DeleteKey', ''], '$.MachineName': 'h' }),
        entry({ '$.source_instance_id': true }),
      ],
      '1': entry(),
    }),
  );
  const found = (Description: Record<string, string>, rest = {}): string | undefined =>
    mapping
      .find(eventOf(Description, { EventId: 12, ...rest }))
      ?.pointer.split('/')
      .at(-1);

  it('is the first whose conditions all hold', () => {
    expect(found({ EventType: 'CreateKey' })).toBe('0');
    expect(found({ EventType: 'DeleteKey' }, { MachineName: 'h' })).toBe('1');
    expect(found({ EventType: 'DeleteKey' })).toBeUndefined();
    expect(found({ EventType: 'DeleteKey' }, { UserDefined: { source_instance_id: 'true' } })).toBe('2');
  });

  it('may be for an absent field', () => {
    expect(found({}, { MachineName: 'h' })).toBe('1');
    expect(found({ EventType: '' }, { MachineName: 'h' })).toBe('1');
    expect(found({ EventType: '-' }, { MachineName: 'h' })).toBe('1');
  });

  it('is none for an event that the mapping does not name', () => {
    expect(mapping.find(eventOf({}, { EventId: 2 }))).toBeUndefined();
    expect(mapping.find(eventOf({}))?.key).toBe('1');
  });
});

describe('an entry joins', () => {
  const joins = (node: object): boolean => compiled(nodeText({ ...node })).entries[0]!.joins;
  const processFields = (node: object): readonly string[] => compiled(nodeText({ ...node })).processFields;

  it('where anything in it reads the process', () => {
    expect(joins({ message: '$.Process.CommandLine' })).toBe(true);
    expect(joins({ unmapped: { a: '$.Process.CommandLine' } })).toBe(true);
    expect(joins({ metadata: { ...metadata, labels: ["$['Process'].*"] } })).toBe(true);
    const evaluate = '$.Process.IntegrityLevel';
    expect(joins({ message: { enum: { evaluate, values: { High: 'x' } } } })).toBe(true);
    expect(joins({ process: { enum: { evaluate, values: { High: { pid: 4 } } } } })).toBe(true);
    expect(joins({ message: { first: ['a', '$.Process.CommandLine'] } })).toBe(true);
  });

  it('but not for a field that only begins like one', () => {
    expect(joins({ message: '$.ProcessOwner', status_code: '$.Description.ProcessId' })).toBe(false);
    expect(joins({ message: '$.UserDefined.Process' })).toBe(false);
  });

  it('and the mapping needs the fields that are read, in the order of the catalogue', () => {
    expect(
      processFields({
        message: '$.Process.User',
        status_code: '$.Process.Image',
        status_detail: '$.Process.Own',
      }),
    ).toEqual(['Image', 'User', 'Own']);
    expect(processFields({ message: '$.Description.User' })).toEqual([]);
    expect(processFields({ message: '$.Process.*' })).toContain('CommandLine');
    expect(processFields({ message: "$['Process'][*]" })).toContain('CommandLine');
    const evaluate = '$.Process.IntegrityLevel';
    expect(processFields({ process: { enum: { evaluate, values: { High: { pid: 4 } } } } })).toEqual([
      'IntegrityLevel',
    ]);
  });

  it('and has nothing of a process that was not found', () => {
    const node = { process: { pid: 4, cmd_line: '$.Process.CommandLine' } };
    const event = eventOf({});
    expect(mapWith(node, event, { join: { outcome: 'miss' } }).record.process).toEqual({ pid: 4 });
    const process = fields({ CommandLine: 'x' });
    expect(mapWith(node, event, { join: { outcome: 'hit', process } }).record.process).toEqual({
      pid: 4,
      cmd_line: 'x',
    });
  });
});

describe('a mapping that cannot be compiled', () => {
  it.each([
    [
      { metadata: { product: {} } },
      'schema_mapping/metadata/version',
      'metadata.version names the OCSF version: 1.1.0 or 1.3.0',
    ],
    [
      { metadata: { version: '0.9' } },
      'schema_mapping/metadata/version',
      'metadata.version names the OCSF version: 1.1.0 or 1.3.0',
    ],
    [
      { metadata: { version: '$.Version' } },
      'schema_mapping/metadata/version',
      'metadata.version names the OCSF version: 1.1.0 or 1.3.0',
    ],
    [
      { class_uid: 9999 },
      'schema_mapping/class_uid',
      'class 9999 is not among the classes that Sysmon events can have at OCSF 1.1.0',
    ],
    [
      { severity_id: 'high' },
      'schema_mapping/severity_id',
      '"high" is no integer_t, which OCSF wants at severity_id',
    ],
    [
      { device: { ip: 'here' } },
      'schema_mapping/device/ip',
      '"here" is no ip_t, which OCSF wants at device.ip',
    ],
    [
      { message: { enum: { evaluate: { a: 1 }, values: {} } } },
      'schema_mapping/message/enum/evaluate',
      'should give a text: a path, "first" of paths, or a converter that gives a text',
    ],
    [{ unmapped: '$.Description.Image' }, 'schema_mapping/unmapped', '"unmapped" is an object'],
    [
      { own: ['a', { b: 'c' }] },
      'schema_mapping/own',
      'gives string and struct at own; a column has one type',
    ],
  ])('%j is told where it is wrong', (node, pointer, message) => {
    expect(told(nodeText(node), 'error')).toEqual([[`${AT}/${pointer}`, message]]);
  });

  it.each(['proces_activity', 'constructor'])(
    'has a schema that is the name of a class: not %s',
    (schema) => {
      const [[pointer, message] = ['', '']] = told(nodeText({}, { schema }), 'error');
      expect(pointer).toBe(`${AT}/schema`);
      expect(message).toContain(`OCSF 1.1.0 has no class ${schema}`);
    },
  );

  it('has two classes in one schema', () => {
    const one = (class_uid: number): object => ({ schema: 'x', schema_mapping: { metadata, class_uid } });
    expect(told(entriesText({ '1': one(1007), '11': one(1001) }), 'error')).toEqual([
      [
        '/custom_source_events/ocsf_mapping/11',
        'schema x holds class 1007 already; an object of the lake has one class',
      ],
    ]);
  });
});

it('a version may be written with a v before it, and another version may be named', () => {
  expect(compiled(nodeText({}, { version: 'v1.1.0' })).entries[0]?.ocsf.version).toBe('1.1.0');
  expect(compiled(nodeText({}, { version: '1.3.0' })).entries[0]?.ocsf.version).toBe('1.3.0');
  expect(mapWith({}, eventOf({}), { version: 'v1.1.0' }).record.metadata).toMatchObject({
    version: 'v1.1.0',
  });
});

it('one compiled entry maps many events, and none of them leaves anything to the next', () => {
  const entry = compiled(
    nodeText({ process: { pid: '$.Description.ProcessId', cmd_line: '$.Description.CommandLine' } }),
  ).entries[0]!;
  const first = entry.map(eventOf({ ProcessId: 'x', CommandLine: 'c' }));
  const second = entry.map(eventOf({ ProcessId: '4', CommandLine: 'd' }));
  expect(first.failed).toEqual(['process.pid']);
  expect(second.failed).toEqual([]);
  expect(second.record).toMatchObject({ process: { pid: 4, cmd_line: 'd' } });
  expect(second.record).not.toHaveProperty('unmapped');
  expect(entry.map(eventOf({ UtcTime: UTC_TIME, ProcessId: 'x', CommandLine: 'c' })).record).toEqual(
    first.record,
  );
});

it('an object of a list holds nothing of the event before', () => {
  const item = { type_id: 1, name: '$.Description.SourceHostname', ip: '$.Description.SourceIp' };
  const entry = compiled(nodeText({ device: { type_id: 1, network_interfaces: [item] } })).entries[0]!;
  const interfaces = (Description: Readonly<Record<string, string>>): unknown =>
    entry.map(eventOf(Description)).record.device;
  expect(interfaces({ SourceHostname: 'h', SourceIp: '1.2.3.4' })).toMatchObject({
    network_interfaces: [{ name: 'h', ip: '1.2.3.4' }],
  });
  expect(interfaces({ SourceHostname: 'g' })).toMatchObject({
    network_interfaces: [{ name: 'g', type_id: 1, type: 'Wired' }],
  });
  expect(JSON.stringify(interfaces({ SourceHostname: 'g' }))).not.toContain('1.2.3.4');
});

it('a record begins with its time, for people, and an event is ordered by that', () => {
  const entry = compiled(nodeText({ message: '$.Description.Image', activity_id: 1 })).entries[0]!;
  const event = eventOf({ Image: 'a' });
  const { record } = entry.map(event);
  expect(Object.keys(record)[0]).toBe('time');
  expect(record.time).toBe(entry.timeOf(event));
});

describe('an entry joins', () => {
  it.each([
    ['a path', '$.Process.Image'],
    ['an object under an enum', { enum: { evaluate: '$.Description.x', values: { a: '$.Process.Image' } } }],
    ['the last of a choice', { first: ['$.Description.x', '$.Process.Image'] }],
    ['a search', '$.Process.*'],
  ])('where it reads the process: %s', (_, message) => {
    expect(compiled(nodeText({ message })).entries[0]?.joins).toBe(true);
  });

  it('where an object or a list that an enum chooses reads the process', () => {
    const chosen = (value: unknown): object => ({
      enum: { evaluate: '$.Description.x', values: { a: value }, other: { pid: 4 } },
    });
    const user = { pid: 4, user: { name: '$.Process.User' } };
    expect(compiled(nodeText({ process: chosen(user) })).entries[0]?.joins).toBe(true);
    expect(compiled(nodeText({ process: chosen({ pid: 4 }) })).entries[0]?.joins).toBe(false);
    const under = { convert: { evaluate: '$.Process.Image', to: 'file' }, type_id: 1 };
    expect(compiled(nodeText({ process: { file: chosen(under) } })).entries[0]?.joins).toBe(true);
  });

  it('not for what is stated', () => {
    const entry = compiled(nodeText({ message: 'Process' })).entries[0]!;
    expect(entry.joins).toBe(false);
    expect(entry.leaves.filter(({ attribute }) => attribute === 'message')).toEqual([
      { attribute: 'message', reads: [], pointer: `${AT}/schema_mapping/message` },
    ]);
  });
});
