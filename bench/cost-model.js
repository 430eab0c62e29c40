/** The formula of the cost table: pure, from numbers by name to numbers. docs/cost.md tells it in words. */

const HOURS = 730;
const SECONDS = HOURS * 3600;
const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Lambda's limit of what one invocation is given. */
const PAYLOAD_BYTES_MAX = 6 * MIB;
/** A shard's limits: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_BYTES_PER_SECOND = MIB;
const SHARD_RECORDS_PER_SECOND = 1000;
/** Calls to DynamoDB under way at once, and what each holds: src/join/dynamodb-batches.ts. */
const CALLS_IN_PARALLEL = 4;
const ITEMS_PER_PUT = 25;
const KEYS_PER_GET = 100;
/** A message is sent, received and deleted. */
const REQUESTS_PER_MESSAGE = 3;

/** How likely at least one of n events is of a kind that has this share: also the mean number of its objects. */
const anyOf = (share, n) => 1 - (1 - share) ** n;

/** Rounds of calls: none where nothing is asked, one for little, more for much. */
const rounds = (items, perCall, likely) => Math.max(likely, items / (perCall * CALLS_IN_PARALLEL));

/** @returns {number} shards that carry so many events a second */
const shardsFor = (rate, recordBytes) =>
  Math.max(
    1,
    Math.ceil((rate * recordBytes) / SHARD_BYTES_PER_SECOND),
    Math.ceil(rate / SHARD_RECORDS_PER_SECOND),
  );

/**
 * One batch at so many events a second: how large it is and what it makes.
 * @param {Record<string, number>} of inputs by name
 */
function batchAt(of, rate, shards) {
  const recordBytes = of.eventBytes * of.eventDataFactor;
  const fitting = PAYLOAD_BYTES_MAX / (of.envelopeBytes + (4 / 3) * recordBytes);
  const n = Math.min(of.batchSize, fitting, Math.max(1, (rate / shards) * of.batchWindowSeconds));
  const shares = [of.fileShare, of.processShare, of.networkShare, of.memoryShare, of.dnsShare];
  const joining = [of.networkShare, of.dnsShare];
  const joiningShare = joining.reduce((sum, share) => sum + share, 0);
  const objects = shares.reduce((sum, share) => sum + anyOf(share, n), 0);
  const defers = anyOf(of.deferred, n);
  const lateObjects = joining.reduce((sum, share) => sum + anyOf((of.deferred * share) / joiningShare, n), 0);
  const puts = rounds(n * of.contexts, ITEMS_PER_PUT, anyOf(of.contexts, n));
  const gets = rounds(n * of.lookups, KEYS_PER_GET, anyOf(of.lookups, n));
  // The deferred object and the message; then, in late-join, the object and the question for the processes.
  const transformMs =
    n * of.eventMs + objects * (of.objectMs + of.callMs) + (puts + gets + 2 * defers) * of.callMs;
  const lateMs =
    n * of.deferred * of.eventMs + lateObjects * (of.objectMs + of.callMs) + 2 * defers * of.callMs;
  return { n, objects, lateObjects, defers, transformMs, lateMs };
}

/**
 * What so many hosts cost in a month, by service, and what they need.
 * @param {Record<string, number>} of inputs and prices by name
 * @param {number} hosts
 */
export function costOf(of, hosts) {
  const rate = (hosts * of.eventsPerHostDay) / 86_400;
  const events = rate * SECONDS;
  const recordBytes = of.eventBytes * of.eventDataFactor;
  const peakRate = rate * of.peakFactor;
  const provisionedShards = shardsFor(peakRate, recordBytes);
  const shards = Math.max(of.shardsLeast, provisionedShards);
  const batch = batchAt(of, rate, shards);
  const batches = events / batch.n;
  const contexts = events * of.contexts;
  const lakeBytes = batches * (batch.objects + batch.lateObjects) * of.objectBytes + events * of.rowBytes;

  const services = {
    Kinesis:
      HOURS * of.kinesisStreamHour +
      ((events * of.billedKib) / MIB) * of.kinesisGbIn +
      ((events * recordBytes) / GIB) * of.kinesisGbOut,
    Lambda:
      ((batches * (batch.transformMs + batch.lateMs)) / 1000) * of.lambdaMemoryGb * of.lambdaGbSecond +
      (batches * (1 + batch.defers) * of.lambdaMillionRequests) / 1e6,
    DynamoDB:
      (contexts * of.contextWriteUnits * of.dynamodbMillionWrites) / 1e6 +
      (events * (of.lookups + of.deferred) * of.dynamodbMillionReads) / 1e6 +
      ((contexts * (of.processRetentionDays / (HOURS / 24)) * of.contextBytes) / GIB) * of.dynamodbGbMonth,
    'S3 requests':
      (batches * (batch.objects + batch.lateObjects + batch.defers) * of.s3ThousandPuts) / 1e3 +
      (batches * batch.defers * of.s3ThousandGets) / 1e3,
    'S3 storage': ((lakeBytes * of.lakeMonths) / GIB) * of.s3GbMonth,
    SQS: ((batches * batch.defers * REQUESTS_PER_MESSAGE + of.idlePolls) * of.sqsMillionRequests) / 1e6,
    CloudWatch:
      of.customMetrics * of.cloudwatchMetric +
      of.alarms * of.cloudwatchAlarm +
      of.dashboards * of.cloudwatchDashboard +
      ((batches * (1 + batch.defers) * of.logBytes) / GIB) * of.cloudwatchGbLogs,
  };
  const peak = batchAt(of, peakRate, shards);
  return {
    hosts,
    events,
    services,
    total: Object.values(services).reduce((sum, dollars) => sum + dollars, 0),
    provisionedKinesis:
      provisionedShards * HOURS * of.kinesisShardHour + (events * of.kinesisMillionPuts) / 1e6,
    needs: {
      rate,
      peakMibPerSecond: (peakRate * recordBytes) / MIB,
      shards,
      provisionedShards,
      batchEvents: batch.n,
      objectsPerDay: (batches * (batch.objects + batch.lateObjects) * 24) / HOURS,
      objectBytes: lakeBytes / (batches * (batch.objects + batch.lateObjects)),
      concurrency: ((peakRate / peak.n) * (peak.transformMs + peak.lateMs)) / 1000,
      shardBusy: ((peakRate / shards / peak.n) * peak.transformMs) / 1000,
    },
  };
}
