/**
 * Security Lake for tests: custom sources in memory, as a state machine. A source brings a crawler and a table, made in
 * a Glue of the test's own; a crawler of its name that is there already is in the way; deleting a source leaves its
 * crawler, as Security Lake does.
 */
import { ok, type JsonAnswer, type JsonBackend, type JsonObject } from './glue.ts';

export const BUCKET = 'aws-security-data-lake-eu-central-1-exampleid';

export interface KeptSource {
  readonly account: string;
  readonly eventClasses: readonly string[];
  readonly resource: JsonObject;
  /** What the API tells nobody again. */
  readonly configuration: JsonObject;
}

export interface SecurityLakeStub {
  readonly sources: Map<string, KeptSource>;
  /** False: Security Lake is not on in the region. */
  isOn: boolean;
  /** Answers a request of the REST API. */
  readonly handle: (method: string, path: string, body: JsonObject) => Promise<JsonAnswer>;
}

interface StubOptions {
  readonly glue: JsonBackend;
  readonly account: string;
  readonly region: string;
}

/** A refusal as a REST API of AWS spells it: the code in a header, which the server writes from `__type`. */
const refusal = (status: number, code: string, message: string): JsonAnswer => ({
  status,
  body: { __type: code, message },
});

export function securityLakeStub({ glue, account, region }: StubOptions): SecurityLakeStub {
  const sources = new Map<string, KeptSource>();
  const regionName = region.replaceAll('-', '_');
  const databaseName = `amazon_security_lake_glue_db_${regionName}`;

  async function create(body: JsonObject): Promise<JsonAnswer> {
    const sourceName = String(body.sourceName);
    const configuration = body.configuration as JsonObject; // true: the API requires it
    if (!stub.isOn) return refusal(404, 'ResourceNotFoundException', 'Security Lake is not enabled');
    if (sourceName.length > 20) return refusal(400, 'BadRequestException', 'sourceName is too long');
    if (sources.has(sourceName)) return refusal(409, 'ConflictException', 'the source is there already');
    const tableName = `amazon_security_lake_table_${regionName}_ext_${sourceName.replaceAll('-', '_')}`;
    const location = `s3://${BUCKET}/ext/${sourceName}/`;
    await glue.handle('CreateDatabase', { DatabaseInput: { Name: databaseName } });
    const crawlerConfiguration = configuration.crawlerConfiguration as JsonObject; // true: the API requires it
    const crawler = await glue.handle('CreateCrawler', {
      Name: sourceName,
      Role: crawlerConfiguration.roleArn,
      DatabaseName: databaseName,
      Targets: { CatalogTargets: [{ DatabaseName: databaseName, Tables: [tableName] }] },
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
      Configuration: '{"Version":1.0,"CreatePartitionIndex":true}',
    });
    if (crawler.status !== 200) return refusal(409, 'ConflictException', 'a crawler of the name is there');
    await glue.handle('CreateTable', {
      DatabaseName: databaseName,
      TableInput: { Name: tableName, StorageDescriptor: { Columns: [], Location: location } },
    });
    const glueArn = `arn:aws:glue:${region}:${account}`;
    const resource = {
      sourceName,
      ...(body.sourceVersion !== undefined && { sourceVersion: body.sourceVersion }),
      provider: {
        location,
        roleArn: `arn:aws:iam::${account}:role/AmazonSecurityLake-Provider-${sourceName}-${region}`,
      },
      attributes: {
        crawlerArn: `${glueArn}:crawler/${sourceName}`,
        databaseArn: `${glueArn}:database/${databaseName}`,
        tableArn: `${glueArn}:table/${databaseName}/${tableName}`,
      },
    };
    const eventClasses = (body.eventClasses ?? []) as readonly string[]; // true: a list of strings
    sources.set(sourceName, { account, eventClasses, resource, configuration });
    return ok({ source: resource });
  }

  const stub: SecurityLakeStub = {
    sources,
    isOn: true,
    async handle(method, path, body) {
      const route = `${method} ${path}`;
      if (route === 'GET /v1/datalakes')
        return ok({
          dataLakes: stub.isOn
            ? [{ dataLakeArn: 'arn:x', region, s3BucketArn: `arn:aws:s3:::${BUCKET}` }]
            : [],
        });
      // One source a page, so that pages are turned.
      if (route === 'POST /v1/datalake/logsources/list') {
        const kept = [...sources.values()];
        const from = Number(body.nextToken ?? 0);
        const page = kept.slice(from, from + 1).map((one) => ({
          account: one.account,
          region,
          sources: [{ awsLogSource: { sourceName: 'ROUTE53' } }, { customLogSource: one.resource }],
        }));
        return ok({ sources: page, ...(from + 1 < kept.length && { nextToken: String(from + 1) }) });
      }
      if (route === 'POST /v1/datalake/sources')
        return ok({
          dataLakeSources: [...sources].map(([sourceName, { eventClasses }]) => ({
            account,
            sourceName,
            eventClasses,
          })),
        });
      if (route === 'POST /v1/datalake/logsources/custom') return create(body);
      const name = /^DELETE \/v1\/datalake\/logsources\/custom\/([^/]+)$/.exec(route)?.[1];
      if (name === undefined) return refusal(404, 'UnknownOperationException', route);
      const isThere = sources.delete(decodeURIComponent(name));
      return isThere ? ok() : refusal(404, 'ResourceNotFoundException', 'no such source');
    },
  };
  return stub;
}
