/** What a function says of its work: numbers, never content. */
import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Counts } from '../src/counts.ts';
import type { DynamodbTableIncident } from '../src/join/dynamodb-process-table.ts';

export interface Telemetry {
  /** Numbers of one batch. */
  readonly batch: (name: string, counts: Counts) => void;
  /** Records in quarantine that were in no batch. */
  readonly quarantined: (count: number) => void;
  /** A message of a queue that failed and comes again. */
  readonly failed: (messageId: string, error: unknown) => void;
  /** What the process table met: throttled or partly processed calls, entries that it could not keep or read. */
  readonly incident: (kind: DynamodbTableIncident, count: number) => void;
  /** Something that a person should know of, with facts that are no content. */
  readonly problem: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Writes the metrics of an invocation out. */
  readonly flush: () => void;
}

/** Powertools' logger and metrics (EMF). Names, units and dimensions are listed in docs/operate.md. */
export function telemetry(now: () => number = Date.now): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  const add = (name: string, value: number): void => void metrics.addMetric(name, MetricUnit.Count, value);
  return {
    batch: (name, counts) => {
      const failures = Object.values(counts.conversionFailures).reduce((sum, n) => sum + n, 0);
      add('Received', counts.received);
      add('Written', counts.written);
      add('Quarantined', counts.quarantined);
      add('Deferred', counts.deferred);
      add('JoinHit', counts.join.hit);
      add('JoinLate', counts.join.late);
      add('JoinMiss', counts.join.miss);
      add('ConversionFailures', failures);
      for (const [schema, latestMs] of Object.entries(counts.latestMs)) {
        const metric = metrics.singleMetric();
        metric.addDimension('class', schema);
        metric.addMetric('Freshness', MetricUnit.Milliseconds, Math.max(0, now() - latestMs));
      }
      const { objects, ...numbers } = counts;
      logger.info('batch', { batch: name, ...numbers, objects: objects.length });
    },
    quarantined: (count) => {
      add('Received', count);
      add('Quarantined', count);
    },
    failed: (messageId, error) => {
      add('Failed', 1);
      logger.error('message failed; it comes again', { messageId, ...factsOf(error) });
    },
    incident: (kind, count) => {
      add('TableIncidents', count);
      logger.warn('process table', { kind, count });
    },
    problem: (message, facts) => logger.error(message, facts),
    // An invocation without a batch (S3's test event) has none, and publishing none is a warning.
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

/** An error as facts for the log: what kind, and its one line. */
export const factsOf = (error: unknown): Readonly<Record<string, unknown>> =>
  error instanceof Error ? { error: error.name, detail: error.message } : { error: String(error) };
