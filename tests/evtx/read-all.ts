/** The events of a log, and the reasons and sizes of what is no event. */
import { evtxRecords } from '../../src/evtx/read-evtx.ts';

export interface Read {
  readonly events: Record<string, unknown>[];
  readonly others: (readonly [reason: string, bytes: number])[];
}

export const readAll = async (log: Uint8Array): Promise<Read> => {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(log);
  };
  const events: Record<string, unknown>[] = [];
  const others: (readonly [string, number])[] = [];
  for await (const { bytes, reason } of evtxRecords(chunks())) {
    if (reason !== undefined) others.push([reason, bytes.length]);
    else events.push(JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>); // true: it is an object
  }
  return { events, others };
};
