/** Lambda for tests: the bundle of a function in processes of its own, each of them one instance. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface LambdaOptions {
  /** The bundle, which exports `handler`. */
  readonly bundle: string;
  /** The whole environment of the function: nothing of this process is handed on. */
  readonly environment: Readonly<Record<string, string>>;
  /** Instances at most; an invocation beyond them waits. Default: 1. */
  readonly instancesMax?: number;
}

export interface LocalLambda {
  /**
   * Invokes the function once: the response of its handler. Rejects with {@link LambdaError} where the handler threw
   * or its process died.
   */
  readonly invoke: (event: unknown, remainingMs?: number) => Promise<unknown>;
  /** The machines of all instances stop, at once, in the middle of what they do. */
  readonly kill: () => void;
  /** Ends all instances and waits for the last of their output. The next invocation is a cold start. */
  readonly stop: () => Promise<void>;
  /** Everything that instances wrote to their console, by line. Complete after `stop`. */
  readonly output: readonly string[];
  /** How many instances were started. */
  readonly coldStarts: number;
}

interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** An invocation that failed: the error's name, its message and the lines of its stack, as Lambda tells them. */
export class LambdaError extends Error {
  readonly errorType: string;
  readonly trace: readonly string[];
  constructor({ errorType, errorMessage, trace }: Failure) {
    super(errorMessage);
    this.name = 'LambdaError';
    this.errorType = errorType;
    this.trace = trace;
  }
}

const RUNNER = path.join(import.meta.dirname, 'lambda-runner.js');
/** The timeout of the functions, as template.yaml has it for a stream. */
export const TIMEOUT_MS = 300_000;

type Answer = 'ready' | { response?: unknown } | Failure;

export function startLambda({ bundle, environment, instancesMax = 1 }: LambdaOptions): LocalLambda {
  const output: string[] = [];
  const idle: ChildProcess[] = [];
  const alive = new Map<ChildProcess, Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let coldStarts = 0;
  let busy = 0;

  const start = async (): Promise<ChildProcess> => {
    coldStarts++;
    const child = fork(RUNNER, [bundle], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr] as Readable[]) {
      // true: both are piped
      createInterface({ input: stream }).on('line', (line) => output.push(line));
    }
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    alive.set(
      child,
      closed.then(() => {
        alive.delete(child);
        if (idle.includes(child)) idle.splice(idle.indexOf(child), 1);
      }),
    );
    await answerOf(child);
    return child;
  };

  const enter = async (): Promise<void> => {
    while (busy >= instancesMax) await new Promise<void>((resolve) => waiting.push(resolve));
    busy++;
  };

  return {
    output,
    get coldStarts() {
      return coldStarts;
    },
    async invoke(event, remainingMs = TIMEOUT_MS) {
      await enter();
      try {
        const instance = idle.pop() ?? (await start());
        const answer = answerOf(instance);
        instance.send({ event, remainingMs }, () => undefined); // where it died, its answer is rejected
        const answered = await answer;
        idle.push(instance);
        if (typeof answered === 'object' && 'errorType' in answered) {
          throw new LambdaError(answered);
        }
        return typeof answered === 'object' ? answered.response : undefined;
      } finally {
        busy--;
        waiting.shift()?.();
      }
    },
    kill() {
      idle.length = 0;
      for (const child of alive.keys()) child.kill('SIGKILL');
    },
    async stop() {
      idle.length = 0;
      const ended = [...alive.values()];
      // An instance that was killed takes no message, and has ended.
      for (const child of alive.keys()) if (child.connected) child.send({ stop: true }, () => undefined);
      await Promise.all(ended);
    },
  };
}

/** The next message of an instance. Rejects where it dies first. */
function answerOf(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void => {
      child.off('message', onMessage);
      reject(
        new LambdaError({
          errorType: 'Runtime.ExitError',
          errorMessage: `the process ended: ${signal ?? code}`,
          trace: [],
        }),
      );
    };
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(message as Answer); // true: what lambda-runner.js sends
    };
    child.once('exit', onExit);
    child.once('message', onMessage);
  });
}
