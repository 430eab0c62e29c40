/** The progress bar: on standard error, and only where that is a terminal. */
import cliProgress from 'cli-progress';

export interface Progress {
  readonly advance: (bytes: number) => void;
  readonly stop: () => void;
}

/** A bar over so many bytes of input; nothing at all where nobody would see it. */
export function progressBar(totalBytes: number, shown: boolean): Progress {
  if (!shown || !process.stderr.isTTY || totalBytes === 0) {
    return { advance: () => undefined, stop: () => undefined };
  }
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const bar = new cliProgress.SingleBar({
    format: (_, { value, total, eta }) =>
      `reading ${cliProgress.Format.BarFormat(value / total, { barsize: 30, barCompleteString: '█'.repeat(30), barIncompleteString: '░'.repeat(30) })} ${megabytes(value)} of ${megabytes(total)} MB, ${Number.isFinite(eta) ? eta : 0} s left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(totalBytes, 0);
  return { advance: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}
