/**
 * A file of queries/: a header of SQL comments, then one SELECT.
 *
 *     -- name: LSASS access
 *     -- description: Processes that opened lsass.exe …
 *     -- kind: hunt
 *     -- technique: T1003.001
 *     -- mapping: class
 *     SELECT …
 */

/** `view`: the SELECT behind a view that others read; `hunt`: a question. */
export const QUERY_KINDS = ['view', 'hunt'] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** The lakes that a query reads: those of OCSFmapping.json, of OCSFmapping.native.json, or of either. */
export const QUERY_MAPPINGS = ['class', 'native', 'both'] as const;
export type QueryMapping = (typeof QUERY_MAPPINGS)[number];

export interface QueryFile {
  /** Of the file, without `.sql`. */
  readonly name: string;
  /** For people; the header's `name`. */
  readonly title: string;
  readonly description: string;
  /** ATT&CK, such as T1059.001; empty where none fits. */
  readonly techniques: readonly string[];
  readonly kind: QueryKind;
  /** The view's name; there for `kind: view`. */
  readonly view?: string;
  readonly mapping: QueryMapping;
  /** What stands after the header, without blanks and semicolons at its end. */
  readonly sql: string;
}

/** A query file that cannot be used. */
export class QueryFileError extends Error {
  /** Of the file. */
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'QueryFileError';
    this.file = file;
  }
}

const HEADERS = ['name', 'description', 'technique', 'kind', 'view', 'mapping'] as const;
type Header = (typeof HEADERS)[number];

const HEADER_LINE = /^--\s*([a-z]+):\s*(.*?)\s*$/;
/** A description goes on in lines that begin with `--` and two blanks. */
const CONTINUATION = /^--\s{2,}(\S.*?)\s*$/;

/**
 * Reads a query file.
 * @param file its name, with or without folders and `.sql`; named in errors
 * @throws QueryFileError where the header or the statement is not as above
 */
export function parseQueryFile(file: string, text: string): QueryFile {
  const fail = (problem: string): never => {
    throw new QueryFileError(file, problem);
  };
  const { header, sql } = split(text, fail);
  const title = header.get('name') ?? fail('the first line is `-- name: …`');
  const description = header.get('description') ?? fail('needs a line `-- description: …`');
  const view = header.get('view');
  const kind = oneOf(QUERY_KINDS, header.get('kind') ?? (view === undefined ? 'hunt' : 'view'), fail);
  const mapping = oneOf(QUERY_MAPPINGS, header.get('mapping') ?? 'class', fail);
  if ((kind === 'view') !== (view !== undefined)) fail('`-- view: …` names the view, where `kind` is view');
  if (view !== undefined && !/^[a-z_][a-z0-9_]*$/.test(view))
    fail('a view has a name of small letters, digits and _');
  const techniques = (header.get('technique') ?? '').split(/[\s,]+/).filter((one) => one !== '');
  const wrong = techniques.find((one) => !/^T\d{4}(\.\d{3})?$/.test(one));
  if (wrong !== undefined) fail(`${JSON.stringify(wrong)} is no ATT&CK technique`);
  if (sql === '') fail('has no statement');
  return {
    name: file.replace(/^.*[/\\]/, '').replace(/\.sql$/, ''),
    title,
    description,
    techniques,
    kind,
    ...(view !== undefined && { view }),
    mapping,
    sql,
  };
}

function split(text: string, fail: (problem: string) => never): { header: Map<Header, string>; sql: string } {
  const header = new Map<Header, string>();
  const lines = text.split(/\r?\n/);
  let last: Header | undefined;
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, key, value] = HEADER_LINE.exec(line) ?? [];
    const more = CONTINUATION.exec(line)?.[1];
    if (key !== undefined && value !== undefined) {
      last = oneOf(HEADERS, key, fail);
      if (header.has(last)) fail(`has two lines \`-- ${key}: …\``);
      if (value === '') fail(`\`-- ${key}:\` says nothing`);
      header.set(last, value);
    } else if (more !== undefined && last !== undefined) {
      header.set(last, `${header.get(last) ?? ''} ${more}`);
    } else break;
  }
  const sql = lines
    .slice(at)
    .join('\n')
    .trim()
    .replace(/[\s;]+$/, '');
  return { header, sql };
}

function oneOf<T extends string>(all: readonly T[], value: string, fail: (problem: string) => never): T {
  return all.find((one) => one === value) ?? fail(`${JSON.stringify(value)} is none of ${all.join(', ')}`);
}
