/** The values that `sam deploy` is told. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { classFolder } from '../../src/lake/layout.ts';
import { deployParameters } from '../../src/register/deploy-parameters.ts';
import { wantedIn } from './world.ts';

const role = 'arn:aws:iam::123456789012:role/AmazonSecurityLake-Provider-x';
const sources = wantedIn('per-source').sources.map(({ sourceName }) => ({
  sourceName,
  location: `s3://bucket/ext/${sourceName}/`,
  providerRoleArn: role,
}));
const common = { baseName: 'windows-sysmon', externalId: 'id', mappingFile: 'my-mapping.json' } as const;

describe('the parameters of the stack', () => {
  it('name location, role and external id of the one source', () => {
    const source = {
      sourceName: 'windows-sysmon',
      location: 's3://bucket/ext/windows-sysmon/',
      providerRoleArn: role,
    };
    expect(
      deployParameters({
        ...common,
        layout: 'per-schema',
        sources: [source],
        mappingFile: 'OCSFmapping.native.json',
      }),
    ).toEqual({
      ASLCustomLogSourceLocation: 'bucket/ext/windows-sysmon',
      LakeLayout: 'per-schema',
      LakeProviderRoleARN: role,
      LakeProviderExternalId: 'id',
      MappingFile: 'OCSFmapping.native.json',
    });
  });

  it('name, for several sources, the location from which the functions find each of them', () => {
    const parameters = deployParameters({ ...common, layout: 'per-source', sources });
    expect(parameters).toEqual({
      ASLCustomLogSourceLocation: 'bucket/ext/windows-sysmon',
      LakeLayout: 'per-source',
    });
    const [, ...folders] = parameters.ASLCustomLogSourceLocation!.split('/');
    const written = wantedIn('per-source').sources.map(({ classes }) =>
      classFolder({ location: folders.join('/'), schema: classes[0]!.schema, layout: 'per-source' }),
    );
    expect(sources.map(({ location }) => location)).toEqual(
      written.map((folder) => `s3://bucket/${folder}/`),
    );
  });

  it('are parameters of the template', () => {
    const template = readFileSync(path.resolve(import.meta.dirname, '../../template.yaml'), 'utf8');
    const source = { sourceName: 'x', location: 's3://bucket/ext/x/', providerRoleArn: role };
    const parameters = deployParameters({
      ...common,
      layout: 'per-schema',
      sources: [source],
      mappingFile: 'OCSFmapping.json',
    });
    for (const name of Object.keys(parameters))
      expect(template).toContain(`\n  ${name}:\n    Type: String\n`);
  });
});
