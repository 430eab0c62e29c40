/**
 * What the cost table is computed from: every number by name, with its unit and where it comes from.
 * docs/cost.md shows them; `node bench/cost.js --set name=value` puts in others.
 */

/** @typedef {{ value: number, unit: string, from: string }} Input */

/** What is sent, and how the stack is set up. */
export const LOAD = {
  eventsPerHostDay: input(20_000, 'events', 'assumed: it depends on the Sysmon configuration; count yours'),
  peakFactor: input(3, '× the mean', 'assumed: the busiest minutes of a day'),
  batchSize: input(5_000, 'records', 'BatchSize, default'),
  batchWindowSeconds: input(60, 's', 'BatchWindowSeconds, default'),
  processRetentionDays: input(30, 'days', 'ProcessRetentionSeconds, default'),
  lakeMonths: input(12, 'months', 'assumed: how long objects stay in the lake'),
};

/** What one event is and makes. The sample is 37,959 real events of many captures, mapped with OCSFmapping.json. */
export const EVENT = {
  eventBytes: input(1_143, 'bytes', 'measured: mean over 731,720 real events, without EventData'),
  eventDataFactor: input(1.5, '×', 'measured: 947 to 1,421 bytes where the sample gets EventData'),
  billedKib: input(
    2,
    'KiB',
    'Kinesis rounds each record up; 1.85 measured over the sample, which is smaller',
  ),
  envelopeBytes: input(599, 'bytes', 'counted: what Lambda writes around the base64 of a record'),
  contexts: input(0.016, 'an event', 'measured: EventID 1 in the sample; several times that with few rules'),
  contextBytes: input(1_013, 'bytes', 'measured: mean item of the process table'),
  contextWriteUnits: input(1.23, 'units', 'measured: items above 1 KB take two'),
  lookups: input(0.023, 'an event', 'measured: keys asked of the table, batches of 50'),
  deferred: input(0.0076, 'an event', 'measured: few processes of the sample are known, so it is much'),
  eventMs: input(
    0.08,
    'ms',
    'measured: CPU time to decode, map and encode; one x86 core, batches of 50 to 3,000',
  ),
  objectMs: input(2, 'ms', 'measured: CPU time of an object, however few its rows'),
  rowBytes: input(130, 'bytes', 'measured: Parquet, each further row'),
  objectBytes: input(21_400, 'bytes', 'measured: Parquet, an object with hardly a row'),
  callMs: input(30, 'ms', 'assumed: a call to S3, DynamoDB or SQS'),
  logBytes: input(
    2_700,
    'bytes',
    "measured: a batch's log line and metrics; with Lambda's own lines, assumed 400",
  ),
};

/** Shares of the classes in the sample: with the size of a batch they tell how many objects it makes. */
export const CLASS_SHARES = {
  fileShare: input(0.45, 'of events', 'measured: file_activity'),
  processShare: input(0.443, 'of events', 'measured: process_activity'),
  networkShare: input(0.0726, 'of events', 'measured: network_activity, which joins'),
  memoryShare: input(0.0292, 'of events', 'measured: memory_activity'),
  dnsShare: input(0.0053, 'of events', 'measured: dns_activity, which joins; far more where DNS is logged'),
};

/** What the stack has whatever is sent. */
export const FIXED = {
  shardsLeast: input(4, 'shards', 'AWS: what an on-demand stream begins with'),
  lambdaMemoryGb: input(1.7275, 'GB', 'MemorySize 1769'),
  customMetrics: input(24, 'metrics', 'counted: 8 a function, Freshness of 6 and of 2 classes'),
  alarms: input(8, 'alarms', 'counted in template.yaml, KinesisDataStream'),
  dashboards: input(1, 'dashboard', 'counted in template.yaml'),
  idlePolls: input(657_000, 'a month', "assumed: Lambda's 5 pollers of an empty queue, 20 s each"),
};

/** List prices of us-east-1 in US dollars, as known in 2025 and without free tiers. Check them: they change. */
export const PRICES = {
  kinesisStreamHour: input(0.04, '$ an hour', 'Kinesis, on-demand (standard)'),
  kinesisGbIn: input(0.08, '$ a GB', 'Kinesis, on-demand'),
  kinesisGbOut: input(0.04, '$ a GB', 'Kinesis, on-demand'),
  kinesisShardHour: input(0.015, '$ an hour', 'Kinesis, provisioned'),
  kinesisMillionPuts: input(0.014, '$ a million', 'Kinesis, provisioned: PUT payload units of 25 KB'),
  lambdaGbSecond: input(0.0000133334, '$ a GB-second', 'Lambda, arm64'),
  lambdaMillionRequests: input(0.2, '$ a million', 'Lambda'),
  dynamodbMillionWrites: input(0.625, '$ a million', 'DynamoDB, on-demand write units'),
  dynamodbMillionReads: input(0.125, '$ a million', 'DynamoDB, on-demand read units'),
  dynamodbGbMonth: input(0.45, '$ a GB-month', 'DynamoDB: storage 0.25, point-in-time recovery 0.20'),
  s3ThousandPuts: input(0.005, '$ a thousand', 'S3 Standard'),
  s3ThousandGets: input(0.0004, '$ a thousand', 'S3 Standard'),
  s3GbMonth: input(0.023, '$ a GB-month', 'S3 Standard'),
  sqsMillionRequests: input(0.4, '$ a million', 'SQS, standard queue'),
  cloudwatchMetric: input(0.3, '$ a month', 'CloudWatch'),
  cloudwatchAlarm: input(0.1, '$ a month', 'CloudWatch'),
  cloudwatchDashboard: input(3, '$ a month', 'CloudWatch'),
  cloudwatchGbLogs: input(0.5, '$ a GB', 'CloudWatch Logs, taking in'),
};

/** @returns {Input} */
function input(value, unit, from) {
  return { value, unit, from };
}
