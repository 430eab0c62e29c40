/** Remembers what a pure function made of a text. */
import { ownText } from '../sysmon/own-text.ts';

/** Bounds what one function remembers to some megabytes. */
const TEXTS_MAX = 5_000;
const TEXT_LENGTH_MAX = 512;

/** The function, called once for each text as long as there are few; longer texts are not remembered. */
export function memo<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || text.length > TEXT_LENGTH_MAX) return value ?? make(text);
    const own = ownText(text);
    const made = make(own);
    // Starting afresh is cheaper than to keep an order of use, and what comes often is soon back.
    if (known.size >= TEXTS_MAX) known.clear();
    known.set(own, made);
    return made;
  };
}
