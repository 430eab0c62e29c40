/** What a catalogue cannot have, although a mapping says it. */

/** A name, a type or a statement that Glue or Athena would refuse. */
export class CatalogError extends Error {
  /** The table or column, from the top, joined with a dot. */
  readonly at: string;

  constructor(at: string, problem: string) {
    super(`${at}: ${problem}`);
    this.name = 'CatalogError';
    this.at = at;
  }
}
