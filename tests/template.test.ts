/** The templates: what they make for each event source, what the functions are told, and who may do what. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '@aws/cloudformation-validate';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { z } from 'zod';
import { readLateJoinConfiguration, readTransformConfiguration } from '../functions/configuration.ts';
import { readTemplate, stackOf } from './cloudformation.ts';
import type { Parameters, Stack } from './cloudformation.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const APP = path.join(ROOT, 'template.yaml');
const GLUE_ROLE = path.join(ROOT, 'ASLCustomSourceGlueRole.yaml');
const app = readTemplate(APP);
const glueRole = readTemplate(GLUE_ROLE);

const LOCATION = 'aws-security-data-lake-eu-central-1-example/ext/windows-sysmon';
const MSK = 'arn:aws:kafka:eu-central-1:123456789012:cluster/sysmon/751d2973-a626-431c-9d4e-d7975eb44dd7-2';

/** Every parameter that may be left blank, filled in. */
const FILLED: Parameters = {
  ASLCustomLogSourceLocation: LOCATION,
  KinesisUserARNs: 'arn:aws:iam::123456789012:role/hosts,arn:aws:iam::123456789012:user/on-premises',
  CloudWatchLogsAccounts: '123456789012,210987654321',
  KinesisStreamEncryptionKeyAdminARNs: 'arn:aws:iam::123456789012:role/admin',
  RawLogS3BucketName: 'raw-logs',
  KafkaCredentialsARN: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:AmazonMSK_sysmon-AbCdEf',
  KafkaBootstrapServers: 'kafka-1.corp.example:9092,kafka-2.corp.example:9092',
  KafkaSubnetId1: 'subnet-0123456789abcdef0',
  KafkaSubnetId2: 'subnet-0123456789abcdef1',
  KafkaSecurityGroupId: 'sg-0123456789abcdef0',
  LakeRegion: 'us-east-1',
  LakeAccountId: 'external_hq',
  LakeProviderRoleARN:
    'arn:aws:iam::123456789012:role/AmazonSecurityLake-Provider-windowssysmon-eu-central-1',
  LakeProviderExternalId: 'sysmon',
  LakeKMSKeyARN: 'arn:aws:kms:eu-central-1:123456789012:key/0d1e2f3a-4b5c-6d7e-8f90-a1b2c3d4e5f6',
  AlarmTopicARN: 'arn:aws:sns:eu-central-1:123456789012:alarms',
};
const BLANK: Parameters = { ASLCustomLogSourceLocation: LOCATION };

const SOURCES: Readonly<Record<string, Parameters>> = {
  kinesis: { LogEventSource: 'KinesisDataStream' },
  s3: { LogEventSource: 'S3Bucket' },
  msk: { LogEventSource: 'KafkaTopic', KafkaClusterARN: MSK },
  'self-managed kafka': { LogEventSource: 'KafkaTopic' },
};
/** One stack for each source, once with what may be blank filled in and once without. */
const STACKS = Object.entries(SOURCES).flatMap(([name, source]) => [
  { name, given: { ...FILLED, ...source } },
  {
    name: `${name}, blank`,
    given: {
      ...BLANK,
      ...source,
      // The rule SelfManagedKafkaIsReached wants one of two.
      ...(name === 'self-managed kafka' && { KafkaCredentialsARN: 'arn:aws:secretsmanager:r:1:secret:s' }),
    },
  },
]);
const everyStack = (): { name: string; stack: Stack }[] =>
  STACKS.map(({ name, given }) => ({ name, stack: stackOf(app, given) }));

const kinesisStack = (more: Parameters = {}): Stack =>
  stackOf(app, { ...BLANK, ...SOURCES.kinesis, ...more });

const ofType = (stack: Stack, type: string): [string, Record<string, unknown>][] =>
  Object.entries(stack.resources)
    .filter(([, resource]) => resource.type === type)
    .map(([name, { properties }]) => [name, properties]);

const statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]).transform((actions) => [actions].flat()),
  Resource: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((resources) => [resources].flat()),
});
const policyDocument = z.looseObject({ Statement: z.array(statement) });

interface Grant extends z.infer<typeof statement> {
  readonly holder: string;
}

/** Every statement of every policy in a stack, wherever it stands, with the name of its resource. */
function grantsOf(stack: Stack): Grant[] {
  const found: Grant[] = [];
  const visit = (holder: string, node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('Statement' in node) {
      for (const one of policyDocument.parse(node).Statement) found.push({ ...one, holder });
    } else {
      for (const child of Object.values(node)) visit(holder, child);
    }
  };
  for (const [name, { properties }] of Object.entries(stack.resources)) visit(name, properties);
  return found;
}

const environments = z.looseObject({
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }),
});

/** The variables of a function, its own and those of all functions, as Lambda hands them over: text. */
function environmentOf(stack: Stack, name: string): Record<string, string> {
  const of = (properties: unknown): Record<string, unknown> =>
    environments.parse(stack.value(properties)).Environment.Variables;
  const all = { ...of(app.Globals?.Function), ...of(stack.resources[name]?.properties) };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, String(value)]));
}

/** The names that a reader of a configuration looks up. */
function namesReadBy(read: (environment: Record<string, string>) => unknown): string[] {
  const names = new Set<string>();
  const note = (_: unknown, name: string | symbol): undefined => {
    if (typeof name === 'string' && /^[A-Z]/.test(name)) names.add(name);
  };
  try {
    read(new Proxy<Record<string, string>>({}, { get: note }));
  } catch {
    // An environment without anything is refused, after everything was looked for.
  }
  return [...names].toSorted();
}

describe.each([
  { name: 'template.yaml', file: APP, template: app, stacks: STACKS },
  {
    name: 'ASLCustomSourceGlueRole.yaml',
    file: GLUE_ROLE,
    template: glueRole,
    stacks: [{ name: 'any', given: BLANK }],
  },
])('$name', ({ file, template, stacks }) => {
  let engine: Engine;
  beforeAll(() => {
    engine = new RegoEngine();
  });
  afterAll(() => {
    engine.free();
  });

  // The engine does not see that an ARN is used only where it is not blank, so all of them are filled in.
  it.each(stacks.filter(({ name }) => !name.includes('blank')))(
    'gives the validator nothing to find: $name',
    ({ given }) => {
      const parameterOverrides = { ...FILLED, ...given };
      const report = engine.validateStandard(new TemplateFile(file), {
        severityLevel: 'WARN',
        parameterOverrides,
      });
      expect(report.status).toBe('OK');
      const findings = report.diagnostics.map(({ ruleId, entity, message }) => ({
        ruleId,
        at: entity?.logicalId,
        message,
      }));
      // The ARN of a cluster is hard-coded here because it is a parameter's value.
      expect(findings.filter(({ ruleId, at }) => !(ruleId === 'W9002' && at === 'MSKEventSource'))).toEqual(
        [],
      );
    },
  );

  it('describes every parameter', () => {
    for (const [name, { Description = '' }] of Object.entries(template.Parameters)) {
      expect([name, Description]).toEqual([name, expect.stringMatching(/^.{20,}/)]);
    }
  });

  it('takes its own defaults', () => {
    for (const [name, { AllowedPattern, Default }] of Object.entries(template.Parameters)) {
      if (AllowedPattern === undefined || Default === undefined) continue;
      expect([name, String(Default)]).toEqual([
        name,
        expect.stringMatching(new RegExp(`^(?:${AllowedPattern})$`)),
      ]);
    }
  });
});

describe('the parameters', () => {
  it("are the source document's, and only the location has to be given", () => {
    const { Parameters } = app;
    for (const name of [
      'LogEventSource',
      'ASLCustomLogSourceLocation',
      'RawLogS3BucketName',
      'KinesisUserARNs',
      'KinesisStreamEncryptionKeyAdminARNs',
    ]) {
      expect(Object.keys(Parameters)).toContain(name);
    }
    const required = Object.keys(Parameters).filter((name) => Parameters[name]?.Default === undefined);
    expect(required).toEqual(['ASLCustomLogSourceLocation']);
  });

  it.each([
    [LOCATION, true],
    ['bucket/lake/ext/windows-sysmon', true],
    [`${LOCATION}/`, false],
    [`s3://${LOCATION}`, false],
    ['aws-security-data-lake-eu-central-1-example', false],
  ])('location %s is taken: %p', (location, taken) => {
    for (const { Parameters } of [app, glueRole]) {
      const pattern = new RegExp(`^(?:${Parameters.ASLCustomLogSourceLocation?.AllowedPattern ?? '$.'})$`);
      expect(pattern.test(location)).toBe(taken);
    }
  });
});

describe('the functions', () => {
  it.each([
    { name: 'TransformFunction', read: readTransformConfiguration },
    { name: 'LateJoinFunction', read: readLateJoinConfiguration },
  ])('$name gets every variable that it reads, and none else', ({ name, read }) => {
    const names = Object.keys(environmentOf(kinesisStack(), name));
    // What Powertools and Node read.
    const others = [
      'NODE_OPTIONS',
      'POWERTOOLS_LOG_LEVEL',
      'POWERTOOLS_METRICS_NAMESPACE',
      'POWERTOOLS_SERVICE_NAME',
    ];
    expect(names.toSorted()).toEqual([...namesReadBy(read), ...others].toSorted());
  });

  it.each(STACKS)('can start with what they get: $name', ({ given }) => {
    const stack = stackOf(app, given);
    const configuration = readTransformConfiguration(environmentOf(stack, 'TransformFunction'));
    expect(readLateJoinConfiguration(environmentOf(stack, 'LateJoinFunction'))).toMatchObject({
      LAKE_LOCATION: configuration.LAKE_LOCATION,
    });
    const { LakeRegion, LakeAccountId, LakeProviderRoleARN } = given as Record<string, string | undefined>; // true: any record
    expect(configuration.LAKE_REGION).toBe(LakeRegion ?? 'eu-central-1');
    expect(configuration.LAKE_ACCOUNT_ID).toBe(LakeAccountId ?? '123456789012');
    expect(configuration.LAKE_ROLE_ARN).toBe(LakeProviderRoleARN);
  });

  it('are given names that tell them apart in logs and metrics', () => {
    const named = ['TransformFunction', 'LateJoinFunction'].map((name) =>
      environmentOf(kinesisStack(), name),
    );
    expect(named.map((variables) => variables.POWERTOOLS_SERVICE_NAME)).toEqual(['transform', 'late-join']);
    expect(new Set(named.map((variables) => variables.POWERTOOLS_METRICS_NAMESPACE))).toEqual(
      new Set(['SysmonLake/sysmon-lake']),
    );
  });
});

describe('docs/deploy.md', () => {
  const rows = readFileSync(path.join(ROOT, 'docs/deploy.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

  it('lists every parameter of the template, with its default', () => {
    const { Parameters } = app as { Parameters: Record<string, { Default?: string | number }> }; // true: every template has them
    const listed = new Map(rows.map(([, name, value]) => [name, value]));
    for (const [name, { Default }] of Object.entries(Parameters)) {
      const shown = Default === undefined ? 'none' : Default === '' ? 'blank' : String(Default);
      expect([name, listed.get(name)]).toEqual([name, shown]);
    }
  });

  it('lists every output of the template', () => {
    const text = rows.map(([, name]) => name).join(', ');
    const { Outputs } = app as { Outputs: Record<string, unknown> }; // true: the template has some
    for (const name of Object.keys(Outputs)) expect(text.split(', ')).toContain(name);
  });
});

describe('an event source mapping', () => {
  const mappingOf = (stack: Stack): [string, Record<string, unknown>] => {
    const all = ofType(stack, 'AWS::Lambda::EventSourceMapping');
    const sources = all.filter(([name]) => name !== 'LateJoinEventSource');
    expect(all).toHaveLength(2);
    return sources[0] ?? ['', {}];
  };
  const ALL = ['FunctionName', 'Enabled', 'BatchSize', 'MaximumBatchingWindowInSeconds'];
  const STREAM = [
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'FunctionResponseTypes',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'StartingPosition',
    'TumblingWindowInSeconds',
  ];

  it.each([
    ['kinesis', 'KinesisEventSource', [...ALL, ...STREAM, 'EventSourceArn', 'MetricsConfig']],
    [
      's3',
      'S3EventSource',
      [...ALL, 'EventSourceArn', 'FunctionResponseTypes', 'MetricsConfig', 'ScalingConfig'],
    ],
    [
      'msk',
      'MSKEventSource',
      [
        ...ALL,
        'AmazonManagedKafkaEventSourceConfig',
        'DestinationConfig',
        'EventSourceArn',
        'SourceAccessConfigurations',
        'StartingPosition',
        'Topics',
      ],
    ],
    [
      'self-managed kafka',
      'SelfManagedKafkaEventSource',
      [
        ...ALL,
        'DestinationConfig',
        'SelfManagedEventSource',
        'SelfManagedKafkaEventSourceConfig',
        'SourceAccessConfigurations',
        'StartingPosition',
        'Topics',
      ],
    ],
  ])('is the only one for its source, with every setting stated: %s', (source, name, settings) => {
    const [found, properties] = mappingOf(stackOf(app, { ...FILLED, ...SOURCES[source] }));
    expect(found).toBe(name);
    expect(Object.keys(properties).toSorted()).toEqual(settings.toSorted());
  });

  it('loses nothing of a stream: retries until a record is given up, which is before the stream forgets it', () => {
    const stack = kinesisStack();
    const [, mapping] = mappingOf(stack);
    const [, stream] = ofType(stack, 'AWS::Kinesis::Stream')[0] ?? ['', {}];
    const ageSeconds = Number(mapping.MaximumRecordAgeInSeconds);
    expect(mapping.MaximumRetryAttempts).toBe(-1);
    expect(mapping.DestinationConfig).toEqual({ OnFailure: { Destination: '<WorkBucket.Arn>' } });
    expect(ageSeconds).toBeGreaterThan(0);
    expect(ageSeconds).toBeLessThan(Number(stream.RetentionPeriodHours) * 3600);
  });

  it('reports single records and messages', () => {
    for (const { name, stack } of everyStack()) {
      for (const [mapping, properties] of ofType(stack, 'AWS::Lambda::EventSourceMapping')) {
        if (/Kafka|MSK/.test(mapping)) continue;
        expect([name, mapping, properties.FunctionResponseTypes]).toEqual([
          name,
          mapping,
          ['ReportBatchItemFailures'],
        ]);
      }
    }
  });

  it('waits for a deferred event longer than a batch is gathered', () => {
    const { JoinWaitSeconds, BatchWindowSeconds } = app.Parameters;
    expect(Number(JoinWaitSeconds?.Default)).toBeGreaterThan(Number(BatchWindowSeconds?.Default));
  });

  it('reads a queue that hides a message for six times the timeout of the function', () => {
    const stack = stackOf(app, { ...BLANK, ...SOURCES.s3 });
    for (const [queue, lambda] of [
      ['RawLogQueue', 'TransformFunction'],
      ['LateJoinQueue', 'LateJoinFunction'],
    ] as const) {
      const timeoutSeconds = Number(stack.resources[lambda]?.properties.Timeout);
      expect(stack.resources[queue]?.properties.VisibilityTimeout).toBe(6 * timeoutSeconds);
    }
  });
});

describe('least privilege', () => {
  /** Where everything has to be allowed, and why. */
  const EVERYTHING = [
    // In the policy of a key, `*` is that key.
    'KinesisStreamKey/DelegateToIAM',
    'KinesisStreamKey/Administer',
    'KinesisStreamKey/DecryptToTransform',
    'KinesisStreamKey/EncryptToSend',
    'KinesisStreamKey/EncryptSubscriptions',
    // EC2's Describe actions know no resources; Lambda looks for the network of the cluster with them.
    'MSKSourcePolicy/SeeNetwork',
    'SelfManagedKafkaSourcePolicy/SeeNetwork',
  ];

  it('names a resource wherever there is one to name', () => {
    const everything = new Set(
      everyStack()
        .flatMap(({ stack }) => grantsOf(stack))
        .filter(({ Resource }) => Resource.includes('*'))
        .map(({ holder, Sid }) => `${holder}/${Sid ?? ''}`),
    );
    expect([...everything].toSorted()).toEqual(EVERYTHING.toSorted());
    expect(grantsOf(stackOf(glueRole, BLANK)).filter(({ Resource }) => Resource.includes('*'))).toEqual([]);
  });

  it('allows no action by a pattern, but to administrators of a key', () => {
    const allowed = [...everyStack().map(({ stack }) => stack), stackOf(glueRole, BLANK)].flatMap(grantsOf);
    const patterns = allowed.filter(
      ({ Effect, Action }) => Effect === 'Allow' && Action.some((action) => action.includes('*')),
    );
    expect(new Set(patterns.map(({ holder, Sid }) => `${holder}/${Sid ?? ''}`))).toEqual(
      new Set(['KinesisStreamKey/DelegateToIAM', 'KinesisStreamKey/Administer']),
    );
  });

  const writesTo = (stack: Stack, bucket: string): string[] =>
    grantsOf(stack)
      .filter(({ Action }) => Action.includes('s3:PutObject'))
      .flatMap(({ Resource }) => Resource)
      .filter((resource) => resource.startsWith(bucket));

  it('writes to the lake below the custom source alone', () => {
    expect(writesTo(kinesisStack(), 'arn:aws:s3:::')).toEqual([`arn:aws:s3:::${LOCATION}/*`]);
  });

  it('writes to sources beside it in the layout per-source, in its own partitions', () => {
    const bucket = 'arn:aws:s3:::aws-security-data-lake-eu-central-1-example';
    expect(writesTo(kinesisStack({ LakeLayout: 'per-source' }), 'arn:aws:s3:::')).toEqual([
      `${bucket}/ext/*/region=eu-central-1/accountId=123456789012/eventDay=*/*`,
    ]);
  });

  it('writes to the lake only as the provider role where there is one', () => {
    const stack = kinesisStack(FILLED);
    expect(writesTo(stack, 'arn:aws:s3:::')).toEqual([]);
    const assumed = grantsOf(stack).filter(
      ({ holder, Action }) => holder === 'LakePolicy' && Action.includes('sts:AssumeRole'),
    );
    expect(assumed.map(({ Resource }) => Resource)).toEqual([[FILLED.LakeProviderRoleARN]]);
    expect(grantsOf(stack).filter(({ Sid }) => Sid === 'EncryptRecords')).toEqual([]);
  });

  it('lets only those assume the role of agents who are named', () => {
    const [, role] =
      ofType(kinesisStack(FILLED), 'AWS::IAM::Role').find(([name]) => name === 'KinesisAgentIAMRole') ?? [];
    expect(role?.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Principal: { AWS: FILLED.KinesisUserARNs?.split(',') }, Action: 'sts:AssumeRole' }],
    });
    const sends = grantsOf(kinesisStack(FILLED)).filter(({ holder }) => holder === 'KinesisAgentPolicy');
    expect(sends.flatMap(({ Action }) => Action)).toEqual([
      'kinesis:PutRecord',
      'kinesis:PutRecords',
      'kms:GenerateDataKey',
    ]);
    expect(kinesisStack().resources).not.toHaveProperty('KinesisAgentIAMRole');
  });

  it('lets only CloudWatch Logs assume its role, and only for the accounts that are named', () => {
    const roleOf = (accounts: string): unknown =>
      kinesisStack({ CloudWatchLogsAccounts: accounts }).resources.CloudWatchLogsRole?.properties
        .AssumeRolePolicyDocument;
    expect(roleOf('210987654321,321098765432')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['logs.amazonaws.com', 'logs.eu-central-1.amazonaws.com'] },
          Action: 'sts:AssumeRole',
          Condition: {
            ArnLike: {
              'aws:SourceArn': [
                'arn:*:logs:*:123456789012:*',
                'arn:*:logs:*:210987654321:*',
                'arn:*:logs:*:321098765432:*',
              ],
            },
          },
        },
      ],
    });
  });

  it('lets CloudWatch Logs put records into the stream and nothing else', () => {
    const deliversWith = (more: Parameters): [string[], string[]][] =>
      grantsOf(kinesisStack({ CloudWatchLogsAccounts: '123456789012', ...more }))
        .filter(({ holder }) => holder === 'CloudWatchLogsPolicy')
        .map(({ Action, Resource }) => [Action, Resource]);
    const put: [string[], string[]] = [
      ['kinesis:PutRecord', 'kinesis:PutRecords'],
      ['<LogCollectionStream.Arn>'],
    ];
    expect(deliversWith({})).toEqual([put]);
    expect(
      deliversWith({ KinesisStreamEncryptionKeyAdminARNs: 'arn:aws:iam::123456789012:role/admin' }),
    ).toEqual([put, [['kms:GenerateDataKey'], ['<KinesisStreamKey.Arn>']]]);
  });

  it('lets only the accounts that are named subscribe through the destination', () => {
    const { properties } =
      kinesisStack({ CloudWatchLogsAccounts: '210987654321,321098765432' }).resources
        .CloudWatchLogsDestination ?? {};
    expect(properties).toMatchObject({
      RoleArn: '<CloudWatchLogsRole.Arn>',
      TargetArn: '<LogCollectionStream.Arn>',
    });
    expect(JSON.parse(String(properties?.DestinationPolicy))).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: ['210987654321', '321098765432'] },
          Action: 'logs:PutSubscriptionFilter',
          Resource: `arn:aws:logs:eu-central-1:123456789012:destination:${String(properties?.DestinationName)}`,
        },
      ],
    });
  });

  it('keeps every bucket from the public, and from connections without TLS', () => {
    for (const { name, stack } of everyStack()) {
      for (const [bucket, properties] of ofType(stack, 'AWS::S3::Bucket')) {
        expect(
          Object.values(z.record(z.string(), z.boolean()).parse(properties.PublicAccessBlockConfiguration)),
        ).toEqual([true, true, true, true]);
        const refused = grantsOf(stack).filter(
          ({ Effect, Resource }) => Effect === 'Deny' && Resource.includes(`<${bucket}.Arn>`),
        );
        expect([name, bucket, refused.map(({ Sid }) => Sid)]).toEqual([name, bucket, ['TLSOnly']]);
      }
    }
  });

  it('lets Glue read and catalogue one custom source', () => {
    const resources = grantsOf(stackOf(glueRole, BLANK)).flatMap(({ Resource }) => Resource);
    expect(resources).toContain(`arn:aws:s3:::${LOCATION}/*`);
    expect(resources).toContain(
      'arn:aws:glue:eu-central-1:123456789012:table/amazon_security_lake_glue_db_eu_central_1/amazon_security_lake_table_eu_central_1_ext_windows_sysmon*',
    );
  });
});

describe('the stream', () => {
  it('is on demand and encrypted with the key that AWS manages, unless asked otherwise', () => {
    const { properties } = kinesisStack().resources.LogCollectionStream ?? {};
    expect(properties).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      StreamEncryption: { KeyId: 'alias/aws/kinesis' },
    });
    expect(properties).not.toHaveProperty('ShardCount');
    const other = kinesisStack({ KinesisStreamMode: 'PROVISIONED', KinesisShardCount: '4', ...FILLED });
    expect(other.resources.LogCollectionStream?.properties).toMatchObject({
      ShardCount: '4',
      StreamEncryption: { KeyId: '<KinesisStreamKey.Arn>' },
    });
  });
});

describe('subscriptions of CloudWatch Logs', () => {
  const madeFor = (given: Parameters): string[] =>
    Object.keys(stackOf(app, { ...BLANK, ...given }).resources).filter((name) =>
      name.startsWith('CloudWatchLogs'),
    );

  it.each([
    ['no account', '', []],
    ['this account', '123456789012', ['CloudWatchLogsRole', 'CloudWatchLogsPolicy']],
    [
      'another account',
      '210987654321',
      ['CloudWatchLogsRole', 'CloudWatchLogsPolicy', 'CloudWatchLogsDestination'],
    ],
    [
      'this account and another one',
      '123456789012,210987654321',
      ['CloudWatchLogsRole', 'CloudWatchLogsPolicy', 'CloudWatchLogsDestination'],
    ],
  ])('need for %s', (_, CloudWatchLogsAccounts, resources) => {
    expect(madeFor({ CloudWatchLogsAccounts })).toEqual(resources);
    expect(madeFor({ ...SOURCES.s3, CloudWatchLogsAccounts })).toEqual([]);
  });

  it.each([
    ['123456789012', true],
    ['', true],
    ['12345678901', false],
    ['arn:aws:iam::123456789012:root', false],
    ['*', false],
  ])('come from accounts by their id: %j is taken: %p', (account, taken) => {
    const pattern = new RegExp(`^(?:${app.Parameters.CloudWatchLogsAccounts?.AllowedPattern ?? '$.'})$`);
    expect(pattern.test(account)).toBe(taken);
  });

  it('may encrypt with a key of the stream only where they are allowed', () => {
    const admin = { KinesisStreamEncryptionKeyAdminARNs: 'arn:aws:iam::123456789012:role/admin' };
    const keySids = (more: Parameters): (string | undefined)[] =>
      grantsOf(kinesisStack({ ...admin, ...more }))
        .filter(({ holder }) => holder === 'KinesisStreamKey')
        .map(({ Sid }) => Sid);
    expect(keySids({})).not.toContain('EncryptSubscriptions');
    expect(keySids({ CloudWatchLogsAccounts: '123456789012' })).toContain('EncryptSubscriptions');
  });
});

describe('the staging bucket', () => {
  it('is made where none is named, and notifies the queue', () => {
    const made = stackOf(app, { ...BLANK, ...SOURCES.s3 });
    expect(made.resources.StagingLogBucket?.properties.NotificationConfiguration).toEqual({
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: '<RawLogQueue.Arn>' }],
    });
    const named = stackOf(app, { ...FILLED, ...SOURCES.s3 });
    expect(named.resources).not.toHaveProperty('StagingLogBucket');
    const read = grantsOf(named).find(({ Sid }) => Sid === 'ReadLogFiles');
    expect(read?.Resource).toEqual(['arn:aws:s3:::raw-logs/*']);
  });
});

describe('what is watched', () => {
  const widgets = z.object({
    widgets: z.array(
      z.looseObject({ properties: z.looseObject({ title: z.string(), metrics: z.array(z.unknown()) }) }),
    ),
  });
  const dashboardOf = (stack: Stack): string => String(stack.resources.Dashboard?.properties.DashboardBody);

  it('stands on a dashboard that is JSON, for every source', () => {
    for (const { stack } of everyStack()) {
      expect(widgets.parse(JSON.parse(dashboardOf(stack))).widgets.length).toBeGreaterThan(5);
      expect(dashboardOf(stack)).not.toContain('${');
    }
  });

  it('has every metric of the functions on it', () => {
    for (const metric of [
      'Received',
      'Written',
      'Quarantined',
      'Deferred',
      'JoinHit',
      'JoinLate',
      'JoinMiss',
      'ConversionFailures',
      'Freshness',
    ]) {
      expect(dashboardOf(kinesisStack()).replaceAll('\\"', '"')).toContain(`"${metric}"`);
    }
  });

  it('alarms for each source, and notifies the topic where there is one', () => {
    const alarmsOf = (source: string): string[] =>
      ofType(stackOf(app, { ...BLANK, ...SOURCES[source] }), 'AWS::CloudWatch::Alarm').map(([name]) => name);
    const always = [
      'TransformErrorsAlarm',
      'LateJoinErrorsAlarm',
      'LateJoinDeadLettersAlarm',
      'FailedMessagesAlarm',
      'QuarantineAlarm',
    ];
    expect(alarmsOf('kinesis')).toEqual([
      'IteratorAgeAlarm',
      'GivenUpAlarm',
      'RejectedRecordsAlarm',
      ...always,
    ]);
    expect(alarmsOf('s3')).toEqual(['RawLogQueueAgeAlarm', 'RawLogDeadLettersAlarm', ...always]);
    expect(alarmsOf('msk')).toEqual(always);
    for (const [, alarm] of ofType(kinesisStack(), 'AWS::CloudWatch::Alarm'))
      expect(alarm).not.toHaveProperty('AlarmActions');
    for (const [, alarm] of ofType(kinesisStack(FILLED), 'AWS::CloudWatch::Alarm')) {
      expect(alarm.AlarmActions).toEqual([FILLED.AlarmTopicARN]);
    }
  });
});

describe('the outputs', () => {
  const ALWAYS = [
    'TransformationLambdaFunctionARN',
    'LateJoinLambdaFunctionARN',
    'WorkBucketName',
    'ProcessTableName',
    'LateJoinDeadLetterQueueURL',
    'DashboardURL',
  ];

  it.each([
    [
      'kinesis',
      FILLED,
      [
        'LogCollectionStreamName',
        'KinesisAgentIAMRoleARN',
        'CloudWatchLogsRoleARN',
        'CloudWatchLogsDestinationARN',
      ],
    ],
    ['kinesis', BLANK, ['LogCollectionStreamName']],
    ['s3', BLANK, ['StagingLogBucketARN', 'StagingLogBucketName', 'RawLogQueueARN']],
    ['s3', FILLED, ['RawLogQueueARN']],
    ['msk', FILLED, []],
  ])('are named as in the source document: %s', (source, given, own) => {
    const { outputs } = stackOf(app, { ...given, ...SOURCES[source] });
    expect(outputs.toSorted()).toEqual([...ALWAYS, ...own].toSorted());
  });

  it("hand over the Glue role by the source document's name", () => {
    expect(stackOf(glueRole, BLANK).outputs).toEqual(['CustomSourceGlueRoleARN']);
  });
});
