import { describe, expect, it } from '@jest/globals';
import { validateRecord } from '../../src/ocsf/validate.ts';
import { attributeOf, compiled, eventOf, mapWith, nodeText, told } from './mappings.ts';

const observablesOf = (
  names: readonly string[],
  node: Readonly<Record<string, unknown>>,
  Description: Readonly<Record<string, string>> = {},
  version = '1.1.0',
): unknown =>
  mapWith({ observables: names, ...node }, eventOf(Description), { schema: 'network_activity', version })
    .record.observables;

describe('observables, as a list of names', () => {
  const endpoints = {
    src_endpoint: { ip: '$.Description.SourceIp', hostname: '$.Description.SourceHostname' },
    dst_endpoint: { ip: '$.Description.DestinationIp' },
  };

  it('have what is present, under the type that OCSF gives it', () => {
    expect(
      observablesOf(['src_endpoint.ip', 'src_endpoint.hostname', 'dst_endpoint.ip'], endpoints, {
        SourceIp: '0:0:0:0:0:0:0:1',
        SourceHostname: 'h',
      }),
    ).toEqual([
      { name: 'src_endpoint.ip', type_id: 2, type: 'IP Address', value: '::1' },
      { name: 'src_endpoint.hostname', type_id: 1, type: 'Hostname', value: 'h' },
    ]);
  });

  it('have a value once for each type', () => {
    const Description = { SourceIp: '1.2.3.4', DestinationIp: '1.2.3.4' };
    expect(observablesOf(['src_endpoint.ip', 'dst_endpoint.ip'], endpoints, Description)).toEqual([
      { name: 'src_endpoint.ip', type_id: 2, type: 'IP Address', value: '1.2.3.4' },
    ]);
  });

  it('have a value again under another type', () => {
    const Description = { SourceIp: '1.2.3.4', SourceHostname: '1.2.3.4' };
    expect(observablesOf(['src_endpoint.ip', 'src_endpoint.hostname'], endpoints, Description)).toEqual([
      { name: 'src_endpoint.ip', type_id: 2, type: 'IP Address', value: '1.2.3.4' },
      { name: 'src_endpoint.hostname', type_id: 1, type: 'Hostname', value: '1.2.3.4' },
    ]);
  });

  it('have what the objects of a list have, and of those without it nothing', () => {
    const network_interfaces = [
      { name: 'a', type_id: 1, ip: '$.Description.SourceIp' },
      { name: 'b', type_id: 1, hostname: 'h' },
    ];
    expect(
      observablesOf(
        ['device.network_interfaces.ip', 'device.network_interfaces.hostname'],
        { device: { network_interfaces } },
        { SourceIp: '1.2.3.4' },
      ),
    ).toEqual([
      { name: 'device.network_interfaces.ip', type_id: 2, type: 'IP Address', value: '1.2.3.4' },
      { name: 'device.network_interfaces.hostname', type_id: 1, type: 'Hostname', value: 'h' },
    ]);
  });

  it('have what stands deeper in the objects of a list', () => {
    const src_url = 'https://attack.mitre.org/techniques/T1003';
    const attacks = [{ technique: { uid: 'T1003', src_url } }, { technique: { uid: 'T1004' } }];
    expect(observablesOf(['attacks.technique.src_url'], { attacks })).toEqual([
      { name: 'attacks.technique.src_url', type_id: 6, type: 'URL String', value: src_url },
    ]);
  });

  it('pass over an object where OCSF wants text', () => {
    const network_interfaces = [{ name: 'a', type_id: 1, hostname: { own: '$.Description.SourceHostname' } }];
    const names = ['device.network_interfaces.hostname', 'device.network_interfaces.ip'];
    expect(observablesOf(names, { device: { network_interfaces } }, { SourceHostname: 'h' })).toBeUndefined();
  });

  it('pass over a text where OCSF wants an object', () => {
    const node = { observables: ['process.user.name'], process: { pid: 4, user: '$.Description.User' } };
    const { record } = mapWith(node, eventOf({ User: 'CORP\\a' }));
    expect(record.process).toMatchObject({ user: 'CORP\\a' });
    expect(record).not.toHaveProperty('observables');
  });

  it('pass over a list of texts where OCSF wants objects', () => {
    const file = { name: 'a', type_id: 1, hashes: ['$.Description.Hashes'] };
    const node = { observables: ['process.file.hashes.value'], process: { pid: 4, file } };
    const { record } = mapWith(node, eventOf({ Hashes: 'MD5=1' }));
    expect(record.process).toMatchObject({ file: { hashes: ['MD5=1'] } });
    expect(record).not.toHaveProperty('observables');
  });

  it('have a column of their own', () => {
    const text = nodeText({ observables: ['src_endpoint.ip'], ...endpoints }, { schema: 'network_activity' });
    const columns = compiled(text).tables.get('network_activity')?.columns;
    expect(columns?.find(({ name }) => name === 'observables')?.type).toEqual({
      kind: 'list',
      element: {
        kind: 'struct',
        fields: [
          { name: 'name', type: { kind: 'string' } },
          { name: 'type_id', type: { kind: 'bigint' } },
          { name: 'type', type: { kind: 'string' } },
          { name: 'value', type: { kind: 'string' } },
        ],
      },
    });
  });

  it('have each value of a list', () => {
    const Hashes = `MD5=${'0'.repeat(32)},SHA1=${'1'.repeat(40)}`;
    const file = {
      name: 'a',
      type_id: 1,
      hashes: { convert: { evaluate: '$.Description.Hashes', to: 'fingerprints' } },
    };
    expect(attributeOf('observables', ['process.file.hashes.value'], {})).toBeUndefined();
    expect(
      mapWith({ observables: ['process.file.hashes.value'], process: { pid: 4, file } }, eventOf({ Hashes }))
        .record.observables,
    ).toEqual([
      { name: 'process.file.hashes.value', type_id: 8, type: 'Hash', value: '0'.repeat(32) },
      { name: 'process.file.hashes.value', type_id: 8, type: 'Hash', value: '1'.repeat(40) },
    ]);
  });

  it('are absent where nothing is present', () => {
    expect(observablesOf(['src_endpoint.ip'], endpoints)).toBeUndefined();
  });

  it('pass over what OCSF has no type for, and what the class does not have', () => {
    expect(
      observablesOf(['message', 'query.hostname', 'src_endpoint', 'device.hostname'], {
        message: 'm',
        device: { hostname: 'h' },
      }),
    ).toEqual([{ name: 'device.hostname', type_id: 1, type: 'Hostname', value: 'h' }]);
  });

  it('are valid references', () => {
    const entry = compiled(
      nodeText({ observables: ['src_endpoint.ip'], ...endpoints }, { schema: 'network_activity' }),
    ).entries[0]!;
    const { record } = entry.map(eventOf({ SourceIp: '1.2.3.4' }));
    const findings = validateRecord(entry.ocsf, record).errors.filter(({ path }) =>
      path.startsWith('observables'),
    );
    expect(findings).toEqual([]);
  });
});

it.each([
  ['numbers', [1, 2]],
  ['a name and a number', ['device.hostname', 1]],
  ['a name and a path', ['device.hostname', '$.MachineName']],
  ['a name and an object', ['device.hostname', { name: 'message', type_id: 99, value: 'm' }]],
])('a list of %s is no list of names, and the mapping is told so', (_, observables) => {
  expect(told(nodeText({ observables }), 'warning')).toContainEqual([
    expect.stringMatching(/\/schema_mapping\/observables\/0$/),
    'OCSF wants an object (observable) at observables; the value is kept as text',
  ]);
});

it('observables may be mapped like any other list', () => {
  const observables = [{ name: 'device.hostname', type_id: 1, value: '$.MachineName' }];
  expect(mapWith({ observables }, eventOf({}, { MachineName: 'h' })).record.observables).toEqual([
    { name: 'device.hostname', type_id: 1, type: 'Hostname', value: 'h' },
  ]);
});
