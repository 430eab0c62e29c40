/** What keeps the rate from being higher, as far as CPU times tell. */
import type { PhaseResult } from './phase.ts';
import { PROCESSES } from './sample.ts';
import type { ProcessName } from './sample.ts';

/** A process of one thread, or a machine, that uses this share of its cores has no more to give. */
const SATURATED = 0.9;
/** The instance of transform is always at work. */
const ALWAYS_BUSY = 0.9;
/** A thread that waits for a core so much of its time is slower for it. */
const QUEUED = 0.1;
/** What is sent is carried where this much of it is finished in the same time. */
const CARRIED = 0.95;

export const NAMES: Readonly<Record<ProcessName, string>> = {
  transform: 'transform',
  late_join: 'late-join',
  mapping: 'event source mapping',
  sender: 'sender',
  kinesis: 'Kinesis server',
  dynamodb: 'DynamoDB server',
  s3: 'S3 server',
  sqs: 'SQS server',
};

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export interface Limit {
  /** The process that uses the most of a core. */
  readonly process: ProcessName;
  readonly cpu_share: number;
  /** CPU time of all processes, others included, ÷ what the machine's cores have. */
  readonly machine_share: number;
  /** Share of the time that transform's instance spends in invocations. */
  readonly busy_share: number;
  readonly sentence: string;
}

/** What is told where more is sent than is finished. */
function clausesOf(phase: PhaseResult): string[] {
  const { rate, busy_share, cpu_share, thread_cpu_share, thread_queued_share } = phase;
  if (phase.sent_per_second < CARRIED * rate) {
    return [`only ${phase.sent_per_second} events/s could be sent: the load itself is the limit`];
  }
  if (phase.finished_per_second >= CARRIED * phase.sent_per_second) {
    return ['all that was sent was finished as well: nothing was at its limit'];
  }
  if (busy_share < ALWAYS_BUSY) {
    return [
      `the instance of transform was at work for ${percent(busy_share)} of the time: what brings events to it is the limit`,
    ];
  }
  const waited = Math.max(0, busy_share - thread_cpu_share - thread_queued_share);
  const isLimit = thread_cpu_share + thread_queued_share >= SATURATED;
  return [
    `the instance of transform was at work for ${percent(busy_share)} of the time: its thread was on a core for ${percent(thread_cpu_share)} (with collection and compilation beside it ${percent(cpu_share.transform)}), waited for a core for ${percent(thread_queued_share)} and for services for ${percent(waited)}`,
    isLimit ? 'transform is the limit' : 'transform and the services that it waits for are the limit',
    ...(thread_queued_share >= QUEUED ? ['on a machine with more cores it would carry more'] : []),
  ];
}

/** @param phase the one in which more was sent than could be finished */
export function limitOf(phase: PhaseResult, cores: number): Limit {
  const { cpu_share: share, busy_share, others_cpu_share } = phase;
  const process = PROCESSES.reduce((most, name) => (share[name] > share[most] ? name : most));
  const total = PROCESSES.reduce((sum, name) => sum + share[name], others_cpu_share);
  const machine_share = Number((total / cores).toPrecision(3));
  const clauses = clausesOf(phase);
  if (process !== 'transform') {
    clauses.push(
      `the ${NAMES[process]} used more CPU time than transform, ${percent(share[process])} of a core`,
    );
  }
  clauses.push(
    machine_share >= SATURATED
      ? `the machine's ${cores} cores had nothing left (${percent(machine_share)} in use), so that local servers and load took what transform could have had`
      : `the machine's ${cores} cores were in use for ${percent(machine_share)}`,
  );
  if (others_cpu_share >= 0.1) {
    clauses.push(`other programs took ${percent(others_cpu_share)} of a core`);
  }
  const sentence = `In the last two thirds of the time at ${phase.rate} events/s ${clauses.join('; ')}.`;
  return { process, cpu_share: share[process], machine_share, busy_share, sentence };
}
