/**
 * The hosts of a run, in a process of its own: puts events at the rate that it is told, whether or not the stream keeps
 * up. Started by world.ts with the address of the stream.
 */
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { localConfig } from '../../tests/servers/clients.ts';
import { readInputs } from '../inputs.ts';
import { randomFrom } from '../random.ts';
import { soakEvents } from './events.ts';
import { STREAM_NAME } from './services.ts';

/** Told once a put is answered: how many records each shard took. */
export type SenderReport = Readonly<Record<string, number>>;

/** Limits of PutRecords, and how often the sender looks at the clock. */
const RECORDS_PER_PUT = 500;
const TICK_MS = 50;
/** Puts on their way at the same time. */
const PUTS_MAX = 4;
const SEED = 20_260_103;

/** A put that fails ends this process, and with it the run. */
function failed(error: unknown): never {
  process.stderr.write(`sender: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function startSender(endpoint: string, tell: (report: SenderReport) => void): (rate: number) => void {
  const client = new KinesisClient(localConfig(endpoint));
  const events = soakEvents(readInputs(1).pool, SEED);
  const random = randomFrom(SEED);
  let rate = 0;
  /** Events that should have been sent by now and are not; what a new rate does not inherit. */
  let due = 0;
  let puts = 0;
  let lastMs = performance.now();

  const put = async (count: number): Promise<void> => {
    const Records = Array.from({ length: count }, () => ({
      Data: Buffer.from(JSON.stringify(events.next().value)),
      PartitionKey: String(random.next()),
    }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: STREAM_NAME, Records }));
    const report: Record<string, number> = {};
    for (const { ShardId } of answer.Records ?? []) {
      if (ShardId !== undefined) report[ShardId] = (report[ShardId] ?? 0) + 1;
    }
    tell(report);
  };

  const fill = (): void => {
    while (puts < PUTS_MAX && due >= 1) {
      const count = Math.min(RECORDS_PER_PUT, Math.floor(due));
      due -= count;
      puts++;
      put(count).then(() => {
        puts--;
        if (due >= RECORDS_PER_PUT) fill();
      }, failed);
    }
  };
  setInterval(() => {
    const nowMs = performance.now();
    due += (rate * (nowMs - lastMs)) / 1000;
    lastMs = nowMs;
    fill();
  }, TICK_MS);

  return (next) => {
    rate = next;
    due = 0;
  };
}

const endpoint = process.argv[2];
if (endpoint !== undefined && process.send !== undefined) {
  const setRate = startSender(endpoint, (report) => process.send?.(report));
  process.on('message', (rate) => setRate(Number(rate)));
  process.on('disconnect', () => process.exit());
  process.send('ready');
}
