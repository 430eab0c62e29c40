/** What `npm run soak` was asked for. */
import { parseArgs } from 'node:util';

export interface Arguments {
  /** How long the rate is held. */
  readonly minutes: number;
  /** Events a second; undefined: the highest that holds is looked for. */
  readonly rate: number | undefined;
  readonly json: boolean;
  readonly writesDocs: boolean;
}

const MINUTES_MAX = 24 * 60;
const RATE_MAX = 100_000;

/** @throws TypeError one line, for a person */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string' },
      json: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  return {
    minutes: positive('--minutes', values.minutes, MINUTES_MAX),
    rate: values.rate === undefined ? undefined : positive('--rate', values.rate, RATE_MAX),
    json: values.json,
    writesDocs: values['write-docs'],
  };
}

function positive(name: string, text: string, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value > 0 && value <= most) return value;
  throw new TypeError(`${name}: a number above 0 and up to ${most}, not '${text}'`);
}
