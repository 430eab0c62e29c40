/** A program of the soak in a process of its own, with messages to and fro. */
import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface Child {
  readonly pid: number;
  /** What it said first: it is ready. */
  readonly greeting: unknown;
  readonly send: (message: string | number) => void;
  /** Sends a message and gives the one that comes back. */
  readonly ask: (message: string | number) => Promise<unknown>;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Ends it, at once. */
  readonly stop: () => void;
}

/** A part of the run that ended though nobody asked it to: a program, or the polling of the stream or of the queue. */
export class PartEndedError extends Error {
  readonly part: string;
  constructor(part: string, how: string, options?: ErrorOptions) {
    super(`${part} ended: ${how}`, options);
    this.name = 'PartEndedError';
    this.part = part;
  }
}

/** What local services hold in memory is the load's, not the app's. */
const HEAP_MB = 8192;

/**
 * Starts a file of this folder and waits until it is ready.
 * @param ended told once, where it ends before `stop`
 */
export async function startChild(
  file: string,
  args: readonly string[],
  ended: (error: PartEndedError) => void,
): Promise<Child> {
  const name = [file.replace(/\.process\.ts$/, ''), args[0]].join(' ');
  const child = fork(join(import.meta.dirname, file), [...args], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let stopped = false;
  const exit = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => {
      const error = new PartEndedError(name, signal ?? `exit code ${code ?? '?'}`);
      if (!stopped) ended(error);
      reject(error);
    });
  });
  exit.catch(() => undefined); // who waits for an answer is told by the race
  const next = (): Promise<unknown> =>
    Promise.race([new Promise((resolve) => child.once('message', resolve)), exit]);
  const send = (message: string | number): void => void child.send(message, () => undefined); // `exit` tells
  const greeting = await next();
  return {
    pid: child.pid ?? 0,
    greeting,
    send,
    ask(message) {
      const answer = next();
      send(message);
      return answer;
    },
    onMessage: (listener) => void child.on('message', listener),
    stop() {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}
