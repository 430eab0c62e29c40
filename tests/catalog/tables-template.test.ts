/** tables.yaml and tables.native.yaml: what they make, for both layouts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '@aws/cloudformation-validate';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { z } from 'zod';
import { tablesTemplate } from '../../scripts/tables-template.ts';
import { templateYaml } from '../../scripts/tables-template/yaml.ts';
import { tableProperties } from '../../src/catalog/projection.ts';
import { parseQueryFile } from '../../src/catalog/query-file.ts';
import { catalogTables } from '../../src/catalog/table.ts';
import { queriesFor, readQueryFiles } from '../../src/cli/query-files.ts';
import { classFolder } from '../../src/lake/layout.ts';
import { loadMapping } from '../../src/mapping/load.ts';
import { readTemplate, stackOf } from '../cloudformation.ts';
import type { Parameters, Stack } from '../cloudformation.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const BUCKET = 'aws-security-data-lake-eu-central-1-example';
const BLANK: Parameters = { ASLCustomLogSourceLocation: `${BUCKET}/ext/windows-sysmon` };
const FILLED: Parameters = {
  ...BLANK,
  LakeLayout: 'per-source',
  LakeRegions: 'eu-central-1,us-east-1',
  LakeAccountIds: '123456789012,external',
  ProjectionStartDay: '20240101',
  DatabaseName: 'amazon_security_lake_glue_db_eu_central_1',
  CreateDatabase: 'false',
  TablePrefix: 'corp_',
  QueryResultsLocation: 's3://results/athena/',
  QueryResultsKMSKeyARN: 'arn:aws:kms:eu-central-1:123456789012:key/0d1e2f3a-4b5c-6d7e-8f90-a1b2c3d4e5f6',
};

/** What CloudFormation takes from a bucket. A template of its own request has 51,200 bytes at most. */
const TEMPLATE_SIZE_BYTES_MAX = 1_048_576;

const ofType = (stack: Stack, type: string): Record<string, unknown>[] =>
  Object.values(stack.resources)
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties);

const tableInput = z.object({
  Name: z.string(),
  Parameters: z.record(z.string(), z.string()),
  StorageDescriptor: z.looseObject({ Location: z.string(), Columns: z.array(z.unknown()) }),
});
const tablesOf = (stack: Stack) =>
  ofType(stack, 'AWS::Glue::Table').map(({ TableInput }) => tableInput.parse(TableInput));

describe.each([
  ['tables.yaml', 'OCSFmapping.json', 'class'],
  ['tables.native.yaml', 'OCSFmapping.native.json', 'native'],
] as const)('%s', (file, mappingFile, mine) => {
  const template = readTemplate(path.join(ROOT, file));
  const mapping = loadMapping(readFileSync(path.join(ROOT, mappingFile), 'utf8'));
  const tables = catalogTables(mapping);

  let engine: Engine;
  beforeAll(() => {
    engine = new RegoEngine();
  });
  afterAll(() => {
    engine.free();
  });

  it.each([
    ['blank', BLANK],
    ['filled in', FILLED],
  ])('gives the validator nothing to find: %s', (_, given) => {
    const report = engine.validateStandard(new TemplateFile(path.join(ROOT, file)), {
      severityLevel: 'WARN',
      parameterOverrides: { ...FILLED, ...given },
    });
    expect(
      report.diagnostics.map(({ ruleId, entity, message }) => [ruleId, entity?.logicalId, message]),
    ).toEqual([]);
    expect(report.status).toBe('OK');
  });

  it('is small enough for CloudFormation', () => {
    expect(readFileSync(path.join(ROOT, file)).length).toBeLessThan(TEMPLATE_SIZE_BYTES_MAX);
  });

  it('describes every parameter', () => {
    for (const [name, { Description = '' }] of Object.entries(template.Parameters))
      expect([name, Description]).toEqual([name, expect.stringMatching(/^.{20,}/)]);
  });

  it('has a table for each class, with the columns and comments of the catalogue', () => {
    const found = tablesOf(stackOf(template, BLANK));
    expect(found.map(({ Name }) => Name)).toEqual(tables.map(({ name }) => name));
    expect(found.map(({ StorageDescriptor }) => StorageDescriptor.Columns)).toEqual(
      tables.map(({ columns }) =>
        columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
      ),
    );
  });

  it.each([
    ['per-schema', { ...FILLED, LakeLayout: 'per-schema' }],
    ['per-source', FILLED],
  ] as const)('puts them over the folders that the lake has in the layout %s', (layout, given) => {
    const found = tablesOf(stackOf(template, given));
    for (const [i, { name }] of tables.entries()) {
      const folder = `s3://${BUCKET}/${classFolder({ location: 'ext/windows-sysmon', schema: name, layout })}`;
      expect(found[i]?.StorageDescriptor.Location).toBe(`${folder}/`);
      expect(found[i]?.Parameters).toEqual(
        tableProperties(folder, {
          regions: 'eu-central-1,us-east-1',
          accountIds: '123456789012,external',
          startDay: '20240101',
        }),
      );
    }
  });

  it('cannot be deployed per-source over a source that the mapping does not name', () => {
    const other = { ...FILLED, ASLCustomLogSourceLocation: `${BUCKET}/ext/other` };
    // Fn::Select of what is not there: CloudFormation refuses, and so does the reader of these tests.
    expect(() => stackOf(template, other)).toThrow('nothing is named Below');
    const [table] = tablesOf(stackOf(template, { ...other, LakeLayout: 'per-schema' }));
    expect(table?.StorageDescriptor.Location).toBe(`s3://${BUCKET}/ext/other/process_activity/`);
  });

  it('projects the region and the account of the stack where none are named', () => {
    expect(tablesOf(stackOf(template, BLANK))[0]?.Parameters).toMatchObject({
      'projection.region.values': 'eu-central-1',
      'projection.accountid.values': '123456789012',
    });
  });

  it('makes the database, or uses one that is there', () => {
    expect(ofType(stackOf(template, BLANK), 'AWS::Glue::Database')).toHaveLength(1);
    const existing = stackOf(template, FILLED);
    expect(ofType(existing, 'AWS::Glue::Database')).toEqual([]);
    const names = ofType(existing, 'AWS::Glue::Table').map(({ DatabaseName }) => DatabaseName);
    expect(new Set(names)).toEqual(new Set([FILLED.DatabaseName]));
  });

  it('limits and encrypts what is queried, for everybody', () => {
    for (const [given, encryption] of [
      [BLANK, { EncryptionOption: 'SSE_S3' }],
      [FILLED, { EncryptionOption: 'SSE_KMS', KmsKey: FILLED.QueryResultsKMSKeyARN }],
    ] as const) {
      expect(ofType(stackOf(template, given), 'AWS::Athena::WorkGroup')).toMatchObject([
        {
          WorkGroupConfiguration: {
            EnforceWorkGroupConfiguration: true,
            BytesScannedCutoffPerQuery: 107374182400,
            ResultConfiguration: { EncryptionConfiguration: encryption },
          },
        },
      ]);
    }
    expect(ofType(stackOf(template, FILLED), 'AWS::S3::Bucket')).toEqual([]);
    expect(ofType(stackOf(template, BLANK), 'AWS::S3::Bucket')).toMatchObject([
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true } },
    ]);
  });

  it('has every query of the mapping, views first, and none of another', async () => {
    const queries = queriesFor(await readQueryFiles(path.join(ROOT, 'queries')), mine);
    const found = ofType(stackOf(template, BLANK), 'AWS::Athena::NamedQuery');
    expect(new Set(found.map(({ Name }) => Name))).toEqual(
      new Set(queries.map(({ kind, title }) => `${kind}: ${title}`)),
    );
    const texts = found.map(({ QueryString }) => String(QueryString));
    const expected = queries.map(({ view, sql }) =>
      view === undefined ? sql : `CREATE OR REPLACE VIEW ${view} AS\n${sql}`,
    );
    expect(texts.toSorted()).toEqual(expected.toSorted());
    const kinds = texts.map((text) => text.startsWith('CREATE'));
    expect(kinds.lastIndexOf(true)).toBeLessThan(kinds.includes(false) ? kinds.indexOf(false) : kinds.length);
  });

  it('gives tables and views the prefix in the queries too', () => {
    const texts = ofType(stackOf(template, FILLED), 'AWS::Athena::NamedQuery').map((one) =>
      String(one.QueryString),
    );
    for (const { name } of tables)
      for (const text of texts) expect(text).not.toMatch(new RegExp(`(FROM|JOIN) ${name}\\b`));
    expect(texts.some((text) => text.includes('FROM corp_process_activity'))).toBe(true);
  });
});

describe('a query', () => {
  const mapping = loadMapping(readFileSync(path.join(ROOT, 'OCSFmapping.json'), 'utf8'));
  const header = '-- name: N\n-- description: d\n-- technique: T1003\n';
  const made = (text: string): unknown =>
    z
      .object({ Resources: z.looseObject({ OddQuery: z.object({ Properties: z.looseObject({}) }) }) })
      .parse(tablesTemplate(mapping, 'OCSFmapping.json', [parseQueryFile('odd.sql', text)])).Resources
      .OddQuery.Properties;

  it('keeps what CloudFormation would fill in', () => {
    expect(made(`${header}SELECT '\${AWS::Region}'`)).toMatchObject({
      Description: 'd (ATT&CK T1003)',
      QueryString: { 'Fn::Sub': "SELECT '${!AWS::Region}'" },
    });
  });

  it('is refused where Athena would refuse it', () => {
    expect(() => made(`${header}SELECT '${'é'.repeat(140_000)}'`)).toThrow('odd: Athena takes 262144 bytes');
    expect(() => made(`-- name: ${'N'.repeat(130)}\n-- description: d\nSELECT 1`)).toThrow('128 characters');
  });
});

describe('templateYaml', () => {
  it('writes functions in their short form, and quotes what YAML 1.1 takes for something else', () => {
    const text = templateYaml(
      {
        A: { Ref: 'X' },
        B: { 'Fn::Join': [',', { Ref: 'Z' }] },
        C: 'on',
        D: '2010-09-09',
        E: { 'Fn::Sub': 'a' },
      },
      'Made.',
    );
    expect(text).toBe(
      "# Made.\nA: !Ref X\nB: !Join\n  - ','\n  - !Ref Z\nC: 'on'\nD: '2010-09-09'\nE: !Sub a\n".replaceAll(
        "'",
        '"',
      ),
    );
  });
});
