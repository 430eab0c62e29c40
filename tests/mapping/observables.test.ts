import { describe, expect, it } from '@jest/globals';
import { validateRecord } from '../../src/ocsf/validate.ts';
import { attributeOf, compiled, eventOf, mapWith, nodeText } from './mappings.ts';

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

it('observables may be mapped like any other list', () => {
  const observables = [{ name: 'device.hostname', type_id: 1, value: '$.MachineName' }];
  expect(mapWith({ observables }, eventOf({}, { MachineName: 'h' })).record.observables).toEqual([
    { name: 'device.hostname', type_id: 1, type: 'Hostname', value: 'h' },
  ]);
});
