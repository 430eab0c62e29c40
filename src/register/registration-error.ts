/** Why something cannot be registered: one line each that says what, and what to do. */

/** Options that cannot lead to a source, found before any call is made. */
export class RegistrationOptionError extends Error {
  /** The option, as the command spells it. */
  readonly option: string;
  readonly value: string;

  constructor(option: string, value: string, rule: string) {
    super(`${option} ${JSON.stringify(value)}: ${rule}`);
    this.name = 'RegistrationOptionError';
    this.option = option;
    this.value = value;
  }
}

/** What has the name already, and is not this registration's. Nothing has been changed. */
export class ForeignSourceError extends Error {
  readonly sourceName: string;

  constructor(sourceName: string, evidence: string, remedy: string) {
    super(`custom source ${sourceName} belongs to someone else: ${evidence}; ${remedy}`);
    this.name = 'ForeignSourceError';
    this.sourceName = sourceName;
  }
}

/** A crawler cannot be changed or deleted while it runs. */
export class CrawlerRunningError extends Error {
  readonly crawlerName: string;

  constructor(crawlerName: string, options?: ErrorOptions) {
    super(
      `crawler ${crawlerName} is running, and cannot be changed meanwhile; ` +
        `run the same command again when it has ended, which finishes the rest`,
      options,
    );
    this.name = 'CrawlerRunningError';
    this.crawlerName = crawlerName;
  }
}

/** Something that should be there is not, or not yet. */
export class NotReadyError extends Error {
  readonly what: string;

  constructor(what: string, remedy: string) {
    super(`${what}; ${remedy}`);
    this.name = 'NotReadyError';
    this.what = what;
  }
}

/** A table of the catalogue that does not have the columns of the mapping. */
export class TableSchemaError extends Error {
  readonly tableName: string;

  constructor(tableName: string, difference: string, remedy: string) {
    super(`table ${tableName} has another schema: ${difference}; ${remedy}`);
    this.name = 'TableSchemaError';
    this.tableName = tableName;
  }
}
