/**
 * What a record and a chunk may cost. A template can show a value any number of times, so that a chunk of 64 KiB could
 * otherwise become gigabytes.
 */
import { BinXmlError } from './cursor.ts';

/** Tokens that are read, and parts that are rendered. A Sysmon event has about 150. */
const RECORD_STEPS_MAX = 20_000;
const CHUNK_STEPS_MAX = 200_000;

/** Characters of names and values. A record is at most 64 KiB, whose bytes JSON writes as six characters at worst. */
const RECORD_CHARACTERS_MAX = 1024 * 1024;
const CHUNK_CHARACTERS_MAX = 4 * 1024 * 1024;

/** Elements within elements, with those of templates and values. An event has about four. */
export const DEPTH_MAX = 64;

export class Budget {
  #steps = RECORD_STEPS_MAX;
  #characters = RECORD_CHARACTERS_MAX;
  #chunkSteps = CHUNK_STEPS_MAX;
  #chunkCharacters = CHUNK_CHARACTERS_MAX;

  /** Begins a record. What the last one has used is taken from the chunk. */
  begin(): void {
    this.#chunkSteps -= RECORD_STEPS_MAX - this.#steps;
    this.#chunkCharacters -= RECORD_CHARACTERS_MAX - this.#characters;
    this.#steps = RECORD_STEPS_MAX;
    this.#characters = RECORD_CHARACTERS_MAX;
    if (this.#chunkSteps < 0 || this.#chunkCharacters < 0) {
      throw new BinXmlError('the events of the chunk are too large');
    }
  }

  /** One step, for so many characters. @throws BinXmlError */
  spend(characters: number): void {
    this.#characters -= characters;
    if (--this.#steps < 0 || this.#characters < 0) throw new BinXmlError('an event is too large');
  }
}
