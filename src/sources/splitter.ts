/** The state of a split: the bytes that are not given out yet, and what is known of the record they begin. */
import { ByteWindow } from './byte-window.ts';
import { newObjectScan, type ScanResult } from './object-scan.ts';
import {
  isBetween,
  isBlank,
  MARK_BYTES_MAX,
  nextJoint,
  recordEnd,
  type RecordEnd,
  type RecordKind,
} from './record-end.ts';
import { readLineStart } from './line-start.ts';
import { recordStart } from './record-start.ts';
import type { RawRecord } from './source.ts';

const LF = 0x0a;
const [COMMA, CLOSE_LIST, CLOSE_OBJECT] = [0x2c, 0x5d, 0x7d];

/** `isFinal`: no more bytes will come. `hasFailed`: because the input broke off. */
interface Ending {
  readonly isFinal: boolean;
  readonly hasFailed: boolean;
}

const GOING_ON: Ending = { isFinal: false, hasFailed: false };

/** The record in the next `end` bytes of the window, none if that is 0; `next` bytes are done with. */
interface Step {
  readonly end: number;
  readonly next: number;
  readonly reason?: RawRecord['reason'];
}

export class Splitter {
  readonly #recordBytesMax: number;
  readonly #window = new ByteWindow();
  #index = 0;
  /** No end of the record at hand begins before this many of its bytes. */
  #searched = 0;
  /** No line feed, and no joint, comes before this many bytes: whatever the records, each byte is searched once. */
  #lineBytes = 0;
  #jointBytes = 0;
  /** Length of the header in front of the event at hand. */
  #headerBytes = 0;
  /** Whether nothing but blanks stands before the record at hand on its line. */
  #beginsLine = true;
  #scan: ((bytes: Uint8Array) => ScanResult) | undefined;
  /** For so many bytes every line, or piece of one, is a record: what seemed to begin an object turned out not to. */
  #plainBytes = 0;
  #inArray = false;
  /** The kind of a record that is too large, of which a slice has been given out. */
  #sliced: RecordKind | undefined;

  constructor(recordBytesMax: number) {
    if (!(recordBytesMax > MARK_BYTES_MAX)) {
      throw new RangeError(`recordBytesMax is ${recordBytesMax}; it must be more than ${MARK_BYTES_MAX}`);
    }
    this.#recordBytesMax = recordBytesMax;
  }

  /** Takes bytes in and gives the records that end in them. */
  *push(chunk: Uint8Array): Generator<RawRecord> {
    this.#window.append(chunk);
    yield* this.#take(GOING_ON);
  }

  /** Gives what is left. `hasFailed`: the input broke off, so the last record is truncated. */
  *end(hasFailed: boolean): Generator<RawRecord> {
    yield* this.#take({ isFinal: true, hasFailed });
  }

  *#take(ending: Ending): Generator<RawRecord> {
    for (;;) {
      if (this.#sliced === undefined) this.#skipBlanks();
      if (this.#window.length === 0) return;
      const step = this.#sliced === undefined ? this.#next(ending) : this.#cut(this.#sliced, ending);
      if (step === undefined) return;
      const { bytes, start } = this.#window;
      this.#consume(step.next);
      if (step.end === 0) continue;
      const record = { bytes: bytes.subarray(start, start + step.end), index: this.#index++ };
      yield step.reason === undefined ? record : { ...record, reason: step.reason };
    }
  }

  #consume(count: number): void {
    this.#beginsLine = this.#window.bytes[this.#window.start + count - 1] === LF;
    this.#window.start += count;
    this.#plainBytes = Math.max(0, this.#plainBytes - count);
    this.#lineBytes = Math.max(0, this.#lineBytes - count);
    this.#jointBytes = Math.max(0, this.#jointBytes - count);
    this.#searched = 0;
    this.#headerBytes = 0;
    this.#scan = undefined;
  }

  #lineFeed(): number {
    const { bytes, start } = this.#window;
    const at = bytes.indexOf(LF, start + this.#lineBytes);
    this.#lineBytes = (at < 0 ? bytes.length : at) - start;
    return at;
  }

  #joint(lineFeed: number): number {
    const { bytes, start } = this.#window;
    const limit = lineFeed < 0 ? bytes.length : lineFeed;
    if (start + this.#jointBytes >= limit) return -1;
    const at = nextJoint(bytes, start + this.#jointBytes);
    this.#jointBytes = Math.max(0, (at < 0 ? bytes.length - MARK_BYTES_MAX : at) - start);
    return at < limit ? at : -1;
  }

  #skipBlanks(): void {
    const { bytes, start } = this.#window;
    let at = start;
    for (; at < bytes.length; at++) {
      if (isBetween(bytes[at])) continue;
      if (!this.#inArray || this.#plainBytes > at - start) break;
      if (bytes[at] === CLOSE_LIST) this.#inArray = false;
      else if (bytes[at] !== COMMA) break;
    }
    if (at === start) return;
    const beginsLine = this.#beginsLine || bytes.subarray(start, at).includes(LF);
    this.#consume(at - start);
    this.#beginsLine = beginsLine;
  }

  /** The next record; undefined where it takes more bytes. */
  #next(ending: Ending): Step | undefined {
    if (this.#plainBytes > 0) return this.#cut('line', ending);
    const { bytes, start } = this.#window;
    const begins = recordStart(bytes, start, ending.isFinal);
    switch (begins.kind) {
      case 'more':
        return undefined;
      case 'skip':
        return { end: 0, next: begins.bytes };
      case 'array':
        if (this.#inArray) return this.#cut('text', ending);
        this.#inArray = true;
        return { end: 0, next: 1 };
      case 'json':
        return this.#inArray || this.#scan !== undefined ? this.#object(ending) : this.#jsonLine(ending);
      case 'text':
        return this.#text(ending);
      case 'event':
        return this.#cut('event', ending);
    }
  }

  /** Text: a line of it, unless a header stands in front of an event, or nothing but a dump tool's number of the next. */
  #text(ending: Ending): Step | undefined {
    if (!this.#beginsLine || this.#sliced !== undefined) return this.#cut('text', ending);
    const { bytes, start } = this.#window;
    const lineStart = readLineStart(bytes, start, ending.isFinal);
    if (lineStart === undefined) return undefined;
    if (lineStart.kind === 'number') return { end: 0, next: lineStart.bytes };
    this.#headerBytes = lineStart.bytes;
    return this.#cut(lineStart.kind, ending);
  }

  /** A line that begins an object: mostly it is one. Where others seem to begin on it, the scan decides. */
  #jsonLine(ending: Ending): Step | undefined {
    const line = this.#cut('line', ending);
    if (line === undefined || this.#sliced !== undefined) return line;
    const { bytes, start, length } = this.#window;
    const hasBreak = line.next > line.end;
    if (!hasBreak && line.end < length) return this.#object(ending);
    let last = start + line.end - 1;
    while (isBlank(bytes[last])) last--;
    if (bytes[last] === CLOSE_OBJECT || (!hasBreak && !isBetween(bytes[last]))) return line;
    return this.#object(ending);
  }

  /** An object over several lines, or one of several on a line. */
  #object(ending: Ending): Step | undefined {
    const { bytes, start, length } = this.#window;
    const within = bytes.subarray(start, start + this.#recordBytesMax);
    this.#scan ??= newObjectScan();
    const result = this.#scan(within);
    if (result.state === 'complete') return { end: result.end, next: result.end };
    const isCut = result.state === 'more' && result.breakAt !== undefined && ending.isFinal;
    if (result.state === 'more' && length <= this.#recordBytesMax && !isCut) {
      return ending.isFinal ? { end: length, next: length, reason: 'truncated' } : undefined;
    }
    const brokenAt = result.state === 'broken' ? result.at : (result.breakAt ?? within.length);
    this.#plainBytes = Math.max(1, brokenAt);
    return this.#cut('line', ending);
  }

  /** Cuts at the end of a record of this kind; what is too large, into slices. */
  #cut(kind: RecordKind, { isFinal, hasFailed }: Ending): Step | undefined {
    const { bytes, start, length } = this.#window;
    const isWhole = this.#sliced === undefined;
    const from = start + Math.max(0, this.#searched - MARK_BYTES_MAX);
    const max = this.#recordBytesMax;
    const lineFeed = this.#lineFeed();
    // Objects within a line of text are its text: whoever writes into a log must not make events there.
    const joint = kind === 'text' && (this.#beginsLine || !isWhole) ? -1 : this.#joint(lineFeed);
    // A header belongs to the record, and is not searched.
    const begin = kind === 'event' && isWhole ? start + this.#headerBytes : start;
    const place = {
      buffer: bytes,
      start: begin,
      from: Math.max(begin, from),
      lineFeed,
      joint,
      isWhole,
      isFinal,
    };
    let found: RecordEnd | undefined = recordEnd(kind, place);
    let reason: RawRecord['reason'] = found?.truncated === true ? 'truncated' : undefined;
    if (found === undefined && isFinal) {
      found = { end: bytes.length, next: bytes.length, mark: bytes.length };
      if (hasFailed || kind === 'event') reason = 'truncated';
    }
    if (found !== undefined && found.end - start <= max) {
      this.#sliced = undefined;
      return { end: found.end - start, next: found.next - start, reason: isWhole ? reason : 'too_large' };
    }
    if (found === undefined && length < max + MARK_BYTES_MAX) {
      this.#searched = length;
      return undefined;
    }
    this.#sliced = kind;
    const end = Math.min(max, (found?.mark ?? bytes.length) - start);
    return { end, next: end, reason: 'too_large' };
  }
}
