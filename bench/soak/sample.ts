/** What is looked at every second. */

/** Every process of a run. `mapping` is the soak itself: the event source mapping, the poller of the queue, this log. */
export const PROCESSES = [
  'transform',
  'late_join',
  'mapping',
  'sender',
  'kinesis',
  'dynamodb',
  's3',
  'sqs',
] as const;
export type ProcessName = (typeof PROCESSES)[number];

export const PHASES = ['probe', 'warm-up', 'hold', 'twice', 'after', 'drain'] as const;
export type Phase = (typeof PHASES)[number];

export interface ProcessUse {
  /** Since the process started, user and system. */
  readonly cpu_ms: number;
  readonly rss_mb: number;
}

/** Of the thread that runs a function's JavaScript, since it started. */
export interface ThreadUse {
  readonly cpu_ms: number;
  /** It could have run, and all cores were taken. */
  readonly queued_ms: number;
}

/** Counts are since the start of the run. */
export interface Sample {
  /** Seconds since the start of the run. */
  readonly at_s: number;
  readonly phase: Phase;
  /** Events a second that the sender is asked for. */
  readonly rate: number;
  /** Events that the stream has taken. */
  readonly sent: number;
  /** Events that transform has done with: in the lake, in quarantine, or deferred. */
  readonly finished: number;
  /** Events sent and not finished. */
  readonly lag: number;
  /** How long the oldest of them has been in the stream. */
  readonly age_s: number;
  /** Invocations of transform that ended, and those of both functions that failed. */
  readonly invocations: number;
  readonly errors: number;
  /** Time that the instance of transform has spent in invocations. */
  readonly busy_ms: number;
  readonly transform_thread: ThreadUse;
  /** CPU time that all processes of the machine have used, these and others. */
  readonly machine_ms: number;
  readonly processes: Readonly<Record<ProcessName, ProcessUse>>;
}
