import { describe, expect, it } from '@jest/globals';
import { checkMapping } from '../../src/mapping/check.ts';
import { entriesText } from './mappings.ts';

type Keys = Readonly<Record<string, unknown>>;

const AT = '/custom_source_events/ocsf_mapping';
const TEMPLATES = '/custom_source_events/templates';

const metadata = { version: '1.1.0', product: { name: 'Sysmon', vendor_name: 'Microsoft Sysinternals' } };
const device = { type_id: 0, hostname: '$.MachineName' };

/** An entry of which nothing is to be said, whatever the event, and what a test changes in it. */
const entry = (changes: Keys = {}, rest: Keys = {}): Keys => ({
  schema: 'process_activity',
  ...rest,
  schema_mapping: {
    metadata,
    activity_id: 1,
    severity_id: 1,
    device,
    actor: { process: { pid: 4 } },
    process: { pid: 4 },
    ...changes,
  },
});

const fileEntry = entry(
  { process: null, file: { name: '$.Description.TargetFilename', type_id: 1 } },
  { schema: 'file_activity' },
);

const checked = (entries: Keys, templates: Keys = {}): [string, string, string][] =>
  checkMapping(entriesText(entries, { templates })).map(({ severity, pointer, message }) => [
    severity,
    pointer,
    message,
  ]);

/** What is told of a mapping that loads: warnings alone. */
const warned = (entries: Keys, templates: Keys = {}): [string, string][] =>
  checked(entries, templates).map(([severity, pointer, message]) => {
    expect(severity).toBe('warning');
    return [pointer, message];
  });

/** An id that depends on the event, and is there for one value alone. */
const idFor = (evaluate: string, value: string, id = 1): Keys => ({
  enum: { evaluate, values: { [value]: id } },
});

describe('a mapping that is checked', () => {
  it('has no problem where Sysmon and OCSF agree with it', () => {
    expect(checked({ '1': entry(), '5': [entry()], '11': fileEntry, '255': entry() })).toEqual([]);
  });

  it('has its errors told before its warnings, each once', () => {
    expect(
      checked(
        { '1': entry({ actr: 'x', device: { template: 'device' } }), '5': entry({ severity_id: 'low' }) },
        { device: { ...device, hostnmae: 'x' }, unused: { template: 'devcie' } },
      ),
    ).toEqual([
      ['error', `${TEMPLATES}/unused/template`, 'no template "devcie"; did you mean "device"?'],
      [
        'error',
        `${AT}/5/schema_mapping/severity_id`,
        '"low" is no integer_t, which OCSF wants at severity_id',
      ],
      [
        'warning',
        `${TEMPLATES}/device/hostnmae`,
        'OCSF has no hostnmae in device; did you mean "hostname"?; the value is kept as text',
      ],
      [
        'warning',
        `${AT}/1/schema_mapping/actr`,
        'OCSF has no actr in process_activity; did you mean "actor"?; the value is kept as text',
      ],
    ]);
  });

  it('is not tried on events before it loads', () => {
    const wrong = { device: { type_id: 77 }, message: '$.Description.Nothing', severity_id: 'low' };
    expect(checked({ '1': entry(wrong) })).toEqual([
      [
        'error',
        `${AT}/1/schema_mapping/severity_id`,
        '"low" is no integer_t, which OCSF wants at severity_id',
      ],
    ]);
    expect(checkMapping('{')).toEqual([
      { severity: 'error', pointer: '', message: expect.stringMatching(/^is not JSON/) as unknown },
    ]);
  });
});

describe('a field that Sysmon does not have', () => {
  it('is told with its event and the nearest name', () => {
    expect(
      warned({
        '1': entry({ message: '$.Description.ProcesId' }),
        '5': entry({ message: '$.Description.CommandLine', status: '$.Description.Nothing' }),
      }),
    ).toEqual([
      [`${AT}/1/schema_mapping/message`, 'event 1 has no field ProcesId; did you mean "ProcessId"?'],
      [`${AT}/5/schema_mapping/message`, 'event 5 has no field CommandLine'],
      [`${AT}/5/schema_mapping/status`, 'event 5 has no field Nothing'],
    ]);
  });

  it('of the joined process is looked up in event 1', () => {
    expect(
      warned({ '5': entry({ message: '$.Process.CommandLine', status: '$.Process.CommandLnie' }) }),
    ).toEqual([
      [`${AT}/5/schema_mapping/status`, 'event 1 has no field CommandLnie; did you mean "CommandLine"?'],
    ]);
  });

  it('is told for each field that one node reads', () => {
    const message = {
      enum: {
        evaluate: '$.Description.Nothing',
        values: { a: '$.Description.Image' },
        other: '$.Description.Imgae',
      },
    };
    expect(warned({ '1': entry({ message }) })).toEqual([
      [`${AT}/1/schema_mapping/message`, 'event 1 has no field Nothing'],
      [`${AT}/1/schema_mapping/message`, 'event 1 has no field Imgae; did you mean "Image"?'],
    ]);
  });

  it('is none that a later version of Sysmon took away', () => {
    expect(warned({ '1': entry({ message: '$.Description.SequenceNumber' }) })).toEqual([]);
    expect(warned({ '9': entry({ message: '$.Description.SequenceNumber' }) })).toEqual([
      [`${AT}/9/schema_mapping/message`, 'event 9 has no field SequenceNumber'],
    ]);
  });

  it.each([
    '$.EventId',
    '$.MachineName',
    '$.nothing',
    '$.UserDefined.nothing',
    "$['$.Description.Nothing']",
    '$.Description.Nothing[0]',
    '$.Description.Nothing.deeper',
    '$.Description[*]',
    '$.Description.*',
    '$.Description.Imgae~',
    '$.Process.*',
    '$..Nothing',
    `$['a"b']["c'd"]`,
  ])('is not what %s names: something else than a field of the event, or a search', (message) => {
    expect(warned({ '1': entry({ message }) })).toEqual([]);
  });

  it('is told of a template only where no event that uses it there has it', () => {
    const entries = {
      '1': entry({ message: { template: 'text' } }),
      '11': entry({ message: { template: 'text' } }),
    };
    expect(warned(entries, { text: '$.Description.CommandLine' })).toEqual([]);
    expect(warned(entries, { text: '$.Description.TargetFilename' })).toEqual([]);
    expect(warned(entries, { text: '$.Description.DestinationIp' })).toEqual([
      [`${TEMPLATES}/text`, 'event 11 has no field DestinationIp'],
    ]);
  });

  it('is told of a name that only brackets can hold', () => {
    expect(warned({ '1': entry({ message: "$.Description['a.b']" }) })).toEqual([
      [`${AT}/1/schema_mapping/message`, 'event 1 has no field a.b'],
    ]);
  });

  it('is told of a condition, under which no event would come', () => {
    expect(warned({ '1': entry({}, { when: { '$.Description.Imgae': 'x', '$.nothing': 'y' } }) })).toEqual([
      [`${AT}/1/when/$.Description.Imgae`, 'event 1 has no field Imgae; did you mean "Image"?'],
    ]);
    expect(warned({ '1': entry({}, { when: { '$.Description.Image': 'x' } }) })).toEqual([]);
  });

  it('is told beside one that another event has', () => {
    expect(
      warned({
        '1': entry({ message: '$.Description.CommandLine' }),
        '5': entry({ message: '$.Description.CommandLine' }),
      }),
    ).toEqual([[`${AT}/5/schema_mapping/message`, 'event 5 has no field CommandLine']]);
  });
});

it('an event that Sysmon does not have is told, and nothing else of its entry', () => {
  const wrong = entry({ severity_id: 77, message: '$.Description.Nothing', observables: ['nothing'] });
  expect(warned({ '99': wrong, ProcessCreate: [wrong] })).toEqual([
    [`${AT}/99`, 'Sysmon has no event 99 that this project knows'],
    [`${AT}/ProcessCreate/0`, 'Sysmon has no event ProcessCreate that this project knows'],
  ]);
});

describe('an observable', () => {
  it('is told where no class of the mapping has such an attribute', () => {
    const observables = ['device.hostname', 'file.name', 'file.nmae', 'nothing'];
    expect(warned({ '1': entry({ observables }), '11': fileEntry })).toEqual([
      [`${AT}/1/schema_mapping/observables/2`, 'no class of this mapping has an attribute file.nmae'],
      [`${AT}/1/schema_mapping/observables/3`, 'no class of this mapping has an attribute nothing'],
    ]);
  });

  it('that is mapped as an object is left to OCSF', () => {
    const observable = { name: 'device.hostname', type_id: 1, value: '$.MachineName' };
    expect(warned({ '1': entry({ observables: [observable] }) })).toEqual([]);
    expect(warned({ '1': entry({ observables: [{ ...observable, name: 'nothing' }] }) })).toEqual([
      [
        `${AT}/1/schema_mapping/observables`,
        'OCSF 1.1.0: observable_name_invalid_reference at observables[0].name: ' +
          'leads to no attribute of process_activity with the profiles of the record',
      ],
    ]);
  });
});

describe('what OCSF says of a record', () => {
  it('is told with the version, the code and the place in the record', () => {
    const other = { ...metadata, version: '1.3.0' };
    expect(
      warned({ '1': entry({ severity_id: 77 }), '5': entry({ metadata: other, severity_id: 77 }) }),
    ).toEqual([
      [
        `${AT}/1/schema_mapping/severity_id`,
        'OCSF 1.1.0: attribute_enum_value_unknown at severity_id: 77 is not a listed id',
      ],
      [
        `${AT}/5/schema_mapping/severity_id`,
        'OCSF 1.3.0: attribute_enum_value_unknown at severity_id: 77 is not a listed id',
      ],
    ]);
  });

  it('may be of the record as a whole', () => {
    const changes = {
      process: null,
      metadata: { ...metadata, profiles: ['host'] },
      file: { name: 'a', type_id: 1 },
      src_endpoint: { ip: '192.0.2.1' },
    };
    expect(warned({ '1': entry(changes, { schema: 'network_file_activity' }) })).toEqual([
      [
        `${AT}/1/schema_mapping`,
        'OCSF 1.1.0: class_deprecated at the record: network_file_activity is deprecated',
      ],
    ]);
  });

  it('may be of an event with the fewest fields alone', () => {
    expect(warned({ '1': entry({ severity_id: idFor('$.Description.Product', 'some Product') }) })).toEqual([
      [
        `${AT}/1/schema_mapping/severity_id`,
        'OCSF 1.1.0: attribute_required_missing at severity_id, in an event with the fewest fields: required',
      ],
    ]);
  });

  it('may be one thing of an event with every field, and another of one with the fewest', () => {
    expect(
      warned({ '1': entry({ severity_id: idFor('$.Description.Product', 'some Product', 77) }) }),
    ).toEqual([
      [
        `${AT}/1/schema_mapping/severity_id`,
        'OCSF 1.1.0: attribute_enum_value_unknown at severity_id: 77 is not a listed id',
      ],
      [
        `${AT}/1/schema_mapping/severity_id`,
        'OCSF 1.1.0: attribute_required_missing at severity_id, in an event with the fewest fields: required',
      ],
    ]);
  });

  it('is found with the joined process, and without it', () => {
    const joined = { ...device, hostname: null, name: '$.Process.OriginalFileName' };
    expect(warned({ '5': entry({ device: joined }) })).toEqual([
      [
        `${AT}/5/schema_mapping/device`,
        expect.stringMatching(
          /^OCSF 1\.1\.0: constraint_failed at device, in an event with the fewest fields: device needs /,
        ),
      ],
    ]);
    expect(warned({ '5': entry({ device: { ...joined, name: { first: [joined.name, 'none'] } } }) })).toEqual(
      [],
    );
  });

  it('is an attribute of a profile that the record does not name', () => {
    const changes = {
      metadata: { ...metadata, version: '1.3.0' },
      process: null,
      dst_endpoint: { ip: '$.Description.DestinationIp' },
    };
    const network = (profiles?: readonly string[]): Keys =>
      entry(
        { ...changes, metadata: { ...changes.metadata, ...(profiles && { profiles }) } },
        { schema: 'network_activity' },
      );
    expect(warned({ '3': network() })).toEqual([
      [
        `${AT}/3/schema_mapping/device`,
        'OCSF 1.3.0: attribute_unknown at device: metadata.profiles has to name host',
      ],
      [
        `${AT}/3/schema_mapping/actor`,
        'OCSF 1.3.0: attribute_unknown at actor: metadata.profiles has to name host',
      ],
    ]);
    expect(warned({ '3': network(['host']) })).toEqual([]);
  });

  it('is not repeated where the compiler has said it', () => {
    expect(warned({ '1': entry({ actr: 'x', message: { a: 'x' } }) })).toEqual([
      [
        `${AT}/1/schema_mapping/actr`,
        'OCSF has no actr in process_activity; did you mean "actor"?; the value is kept as text',
      ],
      [`${AT}/1/schema_mapping/message`, 'OCSF wants string_t at message; the object is kept as it is'],
    ]);
  });

  it.each([
    ['the key itself', { ...device, type_id: 77 }, `${AT}/1/schema_mapping/device/type_id`],
    ['the object that lacks it', { hostname: 'h' }, `${AT}/1/schema_mapping/device`],
    ['the operator that gives it', { first: [{ ...device, type_id: 77 }] }, `${AT}/1/schema_mapping/device`],
    ['the template', { template: 'device' }, `${TEMPLATES}/device/type_id`],
    [
      'the key over the template',
      { template: 'device', type_id: 76 },
      `${AT}/1/schema_mapping/device/type_id`,
    ],
  ])('stands at %s', (_, changed, pointer) => {
    const templates = { device: { ...device, type_id: 77 } };
    expect(warned({ '1': entry({ device: changed }) }, templates)).toEqual([
      [pointer, expect.stringContaining(' at device.type_id: ')],
    ]);
  });

  it('stands at the list, and says which item it is', () => {
    const item = (type_id: number): Keys => ({ name: 'device.hostname', type_id, value: 'h' });
    const observables = [item(77), ...Array<Keys>(9).fill(item(1)), item(76)];
    expect(warned({ '1': entry({ observables }) })).toEqual([
      [
        `${AT}/1/schema_mapping/observables`,
        'OCSF 1.1.0: attribute_enum_value_unknown at observables[0].type_id: 77 is not a listed id',
      ],
      [
        `${AT}/1/schema_mapping/observables`,
        'OCSF 1.1.0: attribute_enum_value_unknown at observables[10].type_id: 76 is not a listed id',
      ],
    ]);
  });

  it('is told once of a template, however many events use it', () => {
    const uses = entry({ severity_id: { template: 'severity' } });
    expect(warned({ '1': uses, '5': uses, '12': [uses] }, { severity: 77 })).toEqual([
      [
        `${TEMPLATES}/severity`,
        'OCSF 1.1.0: attribute_enum_value_unknown at severity_id: 77 is not a listed id',
      ],
    ]);
  });
});

describe('the event that an entry is tried on', () => {
  const severityFor = (value: string): Keys => ({
    severity_id: idFor('$.Description.EventType', value),
  });
  const isMissing = expect.stringContaining('attribute_required_missing at severity_id');

  it('is as its `when` wants it', () => {
    const when = { '$.Description.EventType': ['DeleteKey', 'DeleteValue'], '$.Description.Image': 'a' };
    expect(warned({ '12': entry(severityFor('DeleteKey'), { when }) })).toEqual([]);
    expect(warned({ '12': entry(severityFor('CreateKey'), { when }) })).toEqual([
      [`${AT}/12/schema_mapping/severity_id`, isMissing],
    ]);
  });

  it('may want a field to be empty', () => {
    const when = { '$.Description.EventType': '' };
    expect(warned({ '12': entry(severityFor(''), { when }) })).toEqual([]);
  });

  it('stays as it is where the entry takes it', () => {
    const when = { '$.Description.EventType': ['DeleteKey', 'CreateKey'] };
    expect(warned({ '12': entry(severityFor('CreateKey'), { when }) })).toEqual([]);
    expect(warned({ '12': entry(severityFor('DeleteKey'), { when }) })).toEqual([
      [`${AT}/12/schema_mapping/severity_id`, isMissing],
    ]);
  });

  it('keeps its fields where `when` asks for something else of the same name', () => {
    const when = { '$.UserDefined.EventType': 'x', '$.EventId': '12' };
    expect(warned({ '12': entry(severityFor('CreateKey'), { when }) })).toEqual([]);
  });

  it('is another for each entry of an event', () => {
    const when = { '$.Description.EventType': 'DeleteKey' };
    expect(
      warned({ '12': [entry(severityFor('DeleteKey'), { when }), entry(severityFor('DeleteKey'))] }),
    ).toEqual([[`${AT}/12/1/schema_mapping/severity_id`, isMissing]]);
  });
});
