/**
 * tables.yaml: the CloudFormation template of what queries a lake. A database, a table for each class, a workgroup
 * of Athena, and every file of queries/ as a named query.
 */
import { tableProperties } from '../src/catalog/projection.ts';
import type { QueryFile } from '../src/catalog/query-file.ts';
import { catalogTables, PARQUET, PARTITION_KEYS } from '../src/catalog/table.ts';
import type { CatalogColumn, CatalogTable } from '../src/catalog/table.ts';
import { sourceNameFor } from '../src/lake/layout.ts';
import type { CompiledMapping } from '../src/mapping/compile.ts';
import { TABLES_PARAMETERS } from './tables-template/parameters.ts';
import { resultsBucket, workgroup } from './tables-template/workgroup.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** Athena's limits for a named query. https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html */
const NAME_LENGTH_MAX = 128;
const DESCRIPTION_LENGTH_MAX = 1024;
const QUERY_SIZE_BYTES_MAX = 262_144;

const ref = (name: string): Json => ({ Ref: name });
const sub = (text: string, names?: Readonly<Record<string, Json>>): Json =>
  names === undefined ? { 'Fn::Sub': text } : { 'Fn::Sub': [text, names] };
const choose = (condition: string, yes: Json, no: Json): Json => ({ 'Fn::If': [condition, yes, no] });
const isBlank = (parameter: Json): Json => ({ 'Fn::Equals': [parameter, ''] });
const list = (name: string): Json => ({ 'Fn::Join': [',', ref(name)] });

/**
 * The template as an object.
 * @param queries those that read lakes of this mapping
 * @throws CatalogError where the mapping has what Glue or Athena would refuse; RangeError where a query has
 */
export function tablesTemplate(
  mapping: CompiledMapping,
  mappingFile: string,
  queries: readonly QueryFile[],
): Json {
  const tables = catalogTables(mapping);
  const names = [...tables.map(({ name }) => name), ...queries.flatMap(({ view }) => view ?? [])];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Glue tables, an Athena workgroup and queries for the lake that ${mappingFile} makes of Sysmon events`,
    Metadata: {
      'AWS::CloudFormation::Interface': {
        ParameterGroups: Object.entries(TABLES_PARAMETERS).map(([label, parameters]) => ({
          Label: { default: label },
          Parameters: Object.keys(parameters),
        })),
      },
    },
    Parameters: Object.assign({}, ...Object.values(TABLES_PARAMETERS)) as Json, // true: the parameters are JSON
    Conditions: {
      CreatesDatabase: { 'Fn::Equals': [ref('CreateDatabase'), 'true'] },
      IsPerSource: { 'Fn::Equals': [ref('LakeLayout'), 'per-source'] },
      IsStackRegion: isBlank(list('LakeRegions')),
      IsStackAccount: isBlank(list('LakeAccountIds')),
      CreatesResultsBucket: isBlank(ref('QueryResultsLocation')),
      HasResultsKey: { 'Fn::Not': [isBlank(ref('QueryResultsKMSKeyARN'))] },
    },
    Resources: {
      Database: {
        Type: 'AWS::Glue::Database',
        Condition: 'CreatesDatabase',
        Properties: {
          CatalogId: ref('AWS::AccountId'),
          DatabaseInput: {
            Name: ref('DatabaseName'),
            Description: 'Windows Sysmon events as OCSF, in Amazon Security Lake',
          },
        },
      },
      ...Object.fromEntries(
        tables.map((table) => [`${pascal(table.name)}Table`, glueTable(table, mapping.sourceName)]),
      ),
      ...resultsBucket(),
      Workgroup: workgroup(),
      ...Object.fromEntries(queries.map((query) => [`${pascal(query.name)}Query`, namedQuery(query, names)])),
    },
    Outputs: {
      DatabaseName: { Description: 'The database of the tables', Value: ref('DatabaseName') },
      WorkgroupName: { Description: 'The workgroup to query in', Value: ref('Workgroup') },
      QueryResultsBucketName: {
        Description: 'The bucket that was made for the results of queries',
        Condition: 'CreatesResultsBucket',
        Value: ref('ResultsBucket'),
      },
    },
  };
}

/** A table or a query of a database that the stack makes has to wait for it. */
const database = choose('CreatesDatabase', ref('Database'), ref('DatabaseName'));

const pascal = (name: string): string =>
  name
    .split(/[^a-z0-9]+/i)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

function glueTable(table: CatalogTable, sourceName: string): Json {
  const properties = tableProperties('${Folder}', {
    regions: '${Regions}',
    accountIds: '${AccountIds}',
    startDay: '${ProjectionStartDay}',
  });
  const filled: Readonly<Record<string, Json>> = {
    'projection.region.values': choose('IsStackRegion', ref('AWS::Region'), list('LakeRegions')),
    'projection.accountid.values': choose('IsStackAccount', ref('AWS::AccountId'), list('LakeAccountIds')),
  };
  const folder = folderOf(table.name, sourceName);
  return {
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: ref('AWS::AccountId'),
      DatabaseName: database,
      TableInput: {
        Name: sub(`\${TablePrefix}${table.name}`),
        Description: table.description,
        TableType: 'EXTERNAL_TABLE',
        Parameters: Object.fromEntries(
          Object.entries(properties).map(([name, value]) => [name, filled[name] ?? filledIn(value, folder)]),
        ),
        PartitionKeys: glueColumns(PARTITION_KEYS),
        StorageDescriptor: {
          Columns: glueColumns(table.columns),
          Location: filledIn('${Folder}/', folder),
          InputFormat: PARQUET.inputFormat,
          OutputFormat: PARQUET.outputFormat,
          SerdeInfo: { SerializationLibrary: PARQUET.serde, Parameters: { 'serialization.format': '1' } },
        },
      },
    },
  };
}

const glueColumns = (columns: readonly CatalogColumn[]): Json =>
  columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment }));

/** A property of a table: what only the stack knows is filled in, and ${region} and the like are left to Athena. */
function filledIn(value: string, folder: Json): Json {
  const text = value.replace(/\$\{(?=[a-z])/g, '${!');
  if (text.includes('${Folder}')) return sub(text, { Folder: folder });
  return text.includes('${') ? sub(text) : text;
}

/**
 * The folder of a class. In the layout per-source the source's name is part of each class's, so the last folder of
 * the location has to be the source that the mapping names: at any other, Select has nothing to select, and
 * CloudFormation says so, rather than making tables over folders that nothing is written to.
 */
function folderOf(schema: string, sourceName: string): Json {
  const parts = { 'Fn::Split': [`/${sourceName}`, ref('ASLCustomLogSourceLocation')] };
  const perSource = sub(`s3://\${Above}/${sourceNameFor(schema, sourceName)}\${Below}`, {
    Above: { 'Fn::Select': [0, parts] },
    Below: { 'Fn::Select': [1, parts] },
  });
  return choose('IsPerSource', perSource, sub(`s3://\${ASLCustomLogSourceLocation}/${schema}`));
}

function namedQuery(query: QueryFile, names: readonly string[]): Json {
  const text = query.view === undefined ? query.sql : `CREATE OR REPLACE VIEW ${query.view} AS\n${query.sql}`;
  const prefixed = text
    .replaceAll('${', '${!')
    .replace(new RegExp(`\\b(${names.join('|')})\\b`, 'g'), '${TablePrefix}$1');
  const about = query.techniques.length > 0 ? ` (ATT&CK ${query.techniques.join(', ')})` : '';
  const description = `${query.description.slice(0, DESCRIPTION_LENGTH_MAX - about.length)}${about}`;
  const name = `${query.kind}: ${query.title}`;
  if (name.length > NAME_LENGTH_MAX)
    throw new RangeError(`${query.name}: a named query has a name of ${NAME_LENGTH_MAX} characters at most`);
  if (Buffer.byteLength(prefixed) > QUERY_SIZE_BYTES_MAX)
    throw new RangeError(`${query.name}: Athena takes ${QUERY_SIZE_BYTES_MAX} bytes of SQL at most`);
  return {
    Type: 'AWS::Athena::NamedQuery',
    Properties: {
      Name: name,
      Description: description,
      Database: database,
      WorkGroup: ref('Workgroup'),
      QueryString: sub(prefixed),
    },
  };
}
