/**
 * The process table: what is known of each process, by its ProcessGuid, so that an event can be given the story
 * of the process that caused it. A port: memory, SQLite and DynamoDB keep the same contract.
 */
import type { Fields } from '../sysmon/event.ts';

export interface ProcessContext {
  /** The ProcessGuid, normalised (lower case, without braces). */
  readonly guid: string;
  /** The fields of the EventID 1 event that the mapping reads, by their Sysmon names; absent ones are absent. */
  readonly fields: Fields;
}

export interface ProcessTable {
  /** What is known of each of these processes. Unknown and expired ones are not in the answer. */
  get(guids: readonly string[]): Promise<ReadonlyMap<string, ProcessContext>>;
  /**
   * Stores contexts. Storing the same one again changes nothing but the time at
   * which it expires; another one of the same guid (a mapping that reads other fields) replaces it whole.
   */
  put(contexts: readonly ProcessContext[]): Promise<void>;
}
