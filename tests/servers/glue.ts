/**
 * Glue for tests: databases, tables and crawlers in memory, with Glue's own refusals. It is spoken to as a backend, by
 * operation and input, so that a local server and Security Lake's stub can share it.
 */

/** A service of AWS that speaks JSON, without the wire. */
export interface JsonBackend {
  readonly handle: (operation: string, input: JsonObject) => Promise<JsonAnswer>;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface JsonAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export const ok = (body: JsonObject = {}): JsonAnswer => ({ status: 200, body });

/** A refusal as services of AWS JSON spell it. */
export const refused = (code: string, message = code): JsonAnswer => ({
  status: 400,
  body: { __type: code, message },
});

/** What a test may look at and change. */
export interface MemoryGlue extends JsonBackend {
  readonly crawlers: Map<string, JsonObject>;
  /** Databases, and in each its tables by name. */
  readonly databases: Map<string, Map<string, JsonObject>>;
  /** Glue keeps a role as its path and name. */
  readonly setState: (crawlerName: string, state: 'READY' | 'RUNNING' | 'STOPPING') => void;
}

export function memoryGlue(): MemoryGlue {
  const crawlers = new Map<string, JsonObject>();
  const databases = new Map<string, Map<string, JsonObject>>();

  const operations: Readonly<Record<string, (input: JsonObject) => JsonAnswer>> = {
    CreateDatabase({ DatabaseInput }) {
      const name = String((DatabaseInput as JsonObject).Name); // true: Glue requires it
      if (databases.has(name)) return refused('AlreadyExistsException');
      databases.set(name, new Map());
      return ok();
    },
    CreateTable({ DatabaseName, TableInput }) {
      const tables = databases.get(String(DatabaseName));
      const table = TableInput as JsonObject; // true: Glue requires it
      if (tables === undefined) return refused('EntityNotFoundException', 'Database not found.');
      if (tables.has(String(table.Name))) return refused('AlreadyExistsException');
      tables.set(String(table.Name), table);
      return ok();
    },
    GetTables({ DatabaseName, Expression }) {
      const tables = databases.get(String(DatabaseName));
      if (tables === undefined) return refused('EntityNotFoundException', 'Database not found.');
      const pattern = new RegExp(`^(?:${String(Expression)})$`);
      return ok({ TableList: [...tables.values()].filter(({ Name }) => pattern.test(String(Name))) });
    },
    CreateCrawler(input) {
      const name = String(input.Name);
      if (crawlers.has(name)) return refused('AlreadyExistsException');
      if (!databases.has(String(input.DatabaseName))) return refused('EntityNotFoundException');
      crawlers.set(name, asKept({ ...input, State: 'READY' }));
      return ok();
    },
    GetCrawler({ Name }) {
      const crawler = crawlers.get(String(Name));
      return crawler === undefined ? refused('EntityNotFoundException') : ok({ Crawler: crawler });
    },
    UpdateCrawler({ Name, ...changes }) {
      const crawler = crawlers.get(String(Name));
      if (crawler === undefined) return refused('EntityNotFoundException');
      if (crawler.State !== 'READY') return refused('CrawlerRunningException');
      crawlers.set(String(Name), asKept({ ...crawler, ...changes }));
      return ok();
    },
    DeleteCrawler({ Name }) {
      const crawler = crawlers.get(String(Name));
      if (crawler === undefined) return refused('EntityNotFoundException');
      if (crawler.State !== 'READY') return refused('CrawlerRunningException');
      crawlers.delete(String(Name));
      return ok();
    },
  };

  return {
    crawlers,
    databases,
    handle: (operation, input) =>
      Promise.resolve(operations[operation]?.(input) ?? refused('UnknownOperationException', operation)),
    setState(crawlerName, state) {
      crawlers.set(crawlerName, { ...crawlers.get(crawlerName), State: state });
    },
  };
}

/** As GetCrawler tells what was given: the role without its ARN, the schedule as an object. */
function asKept(input: JsonObject): JsonObject {
  const { Role, Schedule } = input;
  return {
    ...input,
    ...(typeof Role === 'string' && { Role: Role.replace(/^arn:.*:role\//, '') }),
    ...(typeof Schedule === 'string' && {
      Schedule: { ScheduleExpression: Schedule, State: 'SCHEDULED' },
    }),
  };
}
