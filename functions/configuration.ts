/** The environment of a function, read once at its cold start; everything wrong with it in one error. */
import * as z from 'zod';
import { LAYOUTS, objectKey } from '../src/lake/layout.ts';

const absentIfEmpty = (value: unknown): unknown => (value === '' ? undefined : value);
const text = z.preprocess(absentIfEmpty, z.string());
const optionalText = z.preprocess(absentIfEmpty, z.string().optional());
const seconds = (least: number, most: number) =>
  z.preprocess(
    (value) => (value === '' || value === undefined ? value : Number(value)),
    z.int().min(least).max(most),
  );

/** What can be a part of every key of the lake, by the rules of its layout. */
const partOfKey = (part: 'location' | 'region' | 'accountId') => (value: string) => {
  const parts = { location: 'ext/source', region: 'local', accountId: 'external', [part]: value };
  try {
    return objectKey({ ...parts, schema: 'process_activity', eventDay: '20260101', name: 'x' }) !== '';
  } catch {
    return false;
  }
};

/** `bucket/ext/windows-sysmon`, as Security Lake gives it, with or without `s3://` and a slash at the end. */
const location = z.preprocess(absentIfEmpty, z.string()).transform((value, context) => {
  const match = /^(?:s3:\/\/)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+?)\/*$/.exec(value);
  if (match?.[1] !== undefined && match[2] !== undefined && partOfKey('location')(match[2])) {
    return { bucket: match[1], prefix: match[2] };
  }
  context.addIssue('should be a bucket and a location in it, such as bucket/ext/windows-sysmon');
  return z.NEVER;
});

const shared = {
  LAKE_LOCATION: location,
  LAKE_REGION: text.refine(partOfKey('region'), 'should be an AWS region such as eu-central-1'),
  LAKE_ACCOUNT_ID: text.refine(partOfKey('accountId'), 'should be letters, digits, _ and -'),
  LAKE_LAYOUT: z.preprocess(absentIfEmpty, z.enum(LAYOUTS)),
  LAKE_ROLE_ARN: optionalText,
  LAKE_EXTERNAL_ID: optionalText,
  LAKE_KMS_KEY_ARN: optionalText,
  WORK_BUCKET: text,
  PROCESS_TABLE: text,
  PROCESS_RETENTION_SECONDS: seconds(60, 400 * 24 * 3600),
  JOIN_HORIZON_SECONDS: seconds(0, 24 * 3600),
  JOIN_WAIT_SECONDS: seconds(0, 900),
  MAPPING_FILE: z.enum(['OCSFmapping.json', 'OCSFmapping.native.json']),
};

const transformEnvironment = z.object({
  ...shared,
  LATE_JOIN_QUEUE_URL: text,
  /** Set where log files in S3 are the source. */
  RAW_LOG_QUEUE_URL: optionalText,
});
const lateJoinEnvironment = z.object(shared);

export type LateJoinConfiguration = z.infer<typeof lateJoinEnvironment>;
export type TransformConfiguration = z.infer<typeof transformEnvironment>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment that a function cannot start in. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the environment of this function is not usable: ${problems.join('; ')}`);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

function read<T>(schema: z.ZodType<T>, environment: Environment): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map(({ path, message }) => {
      const name = path.join('.');
      return environment[name] ? `${name}: ${message}` : `${name} is not set`;
    }),
  );
}

/** @throws ConfigurationError */
export const readTransformConfiguration = (environment: Environment): TransformConfiguration =>
  read(transformEnvironment, environment);

/** @throws ConfigurationError */
export const readLateJoinConfiguration = (environment: Environment): LateJoinConfiguration =>
  read(lateJoinEnvironment, environment);
