/** `sysmon-lake send`: puts events into a Kinesis stream, as the agent on a Windows host does. */
import { checkSession } from './aws-session.ts';
import { InputError, InterruptedError } from './failure.ts';
import { findInputs } from './inputs.ts';
import type { InputFile, Inputs } from './inputs.ts';
import { RECORD_BYTES_MAX, recordSizeBytes, streamRecord } from './kinesis-batches.ts';
import type { StreamRecord } from './kinesis-batches.ts';
import type { Sent } from './kinesis-sender.ts';
import { KinesisStreamError } from './kinesis-stream-error.ts';
import { plural } from './printable.ts';
import { progressBar } from './progress.ts';
import type { Progress } from './progress.ts';
import { readRecords } from './read-input.ts';
import type { ReadOptions } from './read-input.ts';

export interface SendOptions {
  /** Name of the stream. */
  readonly stream: string;
  /** Events a second at most. Default: as many as the stream takes. */
  readonly rate?: number;
  /** Region of the stream. Default: the SDK's. */
  readonly region?: string;
  readonly progress: boolean;
  /** Gives the partition keys and the jitter: from 0 up to, and without, 1. Default: Math.random. */
  readonly random?: () => number;
}

/** What became of the inputs. A stream that took some of the events and then no more is among the failures. */
export interface SendOutcome {
  readonly notes: string[];
  readonly failures: Error[];
  readonly sent: Sent;
}

/**
 * Sends every record of the inputs, whatever carrier wrote it. What no stream takes is left out and told as a
 * failure of its input; an input that is damaged does not keep the others from being sent.
 * @throws InputError, UsageError, AwsSessionError; KinesisStreamError where the stream took nothing;
 * InterruptedError after ^C, which says how much was sent
 */
export async function send(inputs: readonly string[], options: SendOptions): Promise<SendOutcome> {
  const { stream, rate, random = Math.random } = options;
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new InterruptedError());
  process.once('SIGINT', interrupt);
  const { kinesisClient, sendRecords } = await import('./kinesis-sender.ts');
  const client = kinesisClient(options.region);
  const outcome: SendOutcome = { notes: [], failures: [], sent: { events: 0, batches: 0, sentAgain: 0 } };
  let found: Inputs | undefined;
  let progress: Progress | undefined;
  try {
    await checkSession(client);
    found = await findInputs(inputs, undefined, abort.signal);
    outcome.notes.push(...found.notes);
    progress = progressBar(
      found.files.reduce((sum, file) => sum + file.sizeBytes, 0),
      options.progress,
    );
    const read = { onBytes: progress.advance, signal: abort.signal };
    await sendRecords(recordsOf(found.files, read, random, outcome), outcome.sent, {
      client,
      streamName: stream,
      ...(rate !== undefined && { ratePerSecond: rate }),
      signal: abort.signal,
      random,
    });
  } catch (error) {
    const { events } = outcome.sent;
    if (error instanceof InterruptedError) throw new InterruptedError(interruptedAfter(events));
    if (!(error instanceof KinesisStreamError) || events === 0) throw error;
    outcome.failures.push(error);
  } finally {
    process.off('SIGINT', interrupt);
    progress?.stop();
    client.destroy();
    await found?.close();
  }
  return outcome;
}

const interruptedAfter = (events: number): string =>
  `interrupted; ${plural(events, 'event')} went into the stream, and the same command again sends them again`;

/** The records of all files that a stream takes. What cannot be read or sent is added to the failures. */
async function* recordsOf(
  files: readonly InputFile[],
  read: Pick<ReadOptions, 'onBytes' | 'signal'>,
  random: () => number,
  { notes, failures }: SendOutcome,
): AsyncGenerator<StreamRecord> {
  for (const file of files) {
    if (file.sizeBytes === 0) notes.push(`${file.label}: is empty`);
    const leftOut: number[] = [];
    try {
      let isSliced = false;
      for await (const { bytes, index, reason } of readRecords(file, read)) {
        const wasSliced = isSliced;
        isSliced = reason === 'too_large'; // slices of one record, which follow each other
        const record = streamRecord(bytes, random);
        if (!isSliced && recordSizeBytes(record) <= RECORD_BYTES_MAX) yield record;
        else if (!isSliced || !wasSliced) leftOut.push(index);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(error);
    }
    const [first] = leftOut;
    if (first === undefined) continue;
    const what = `${plural(leftOut.length, 'record')} above 1 MiB left out, which the stream does not take`;
    failures.push(new InputError(file.label, `${what}; the first is record ${first}`));
  }
}

/** The line that ends a run. */
export const sentLine = ({ events, batches, sentAgain }: Sent, stream: string): string =>
  `sent ${plural(events, 'event')} to ${stream} in ${batches} ${batches === 1 ? 'batch' : 'batches'}; ${sentAgain} sent again\n`;
