/**
 * The words of Trino, the engine under Athena, that the files of queries/ use and DuckDB does not have or means otherwise,
 * as macros of DuckDB. Whatever else those files say means the same to both.
 */

/** Each a CREATE MACRO, in memory. https://trino.io/docs/current/functions.html */
export const TRINO_MACROS: readonly string[] = [
  // Of a map or a list; NULL for what it does not hold. DuckDB's own gives a list for a map, and has none for a list.
  'CREATE MACRO element_at(collection, key) AS collection[key]',
  // Seconds since 1970, with fractions.
  'CREATE MACRO from_unixtime(seconds) AS to_timestamp(seconds)',
  // Where the pattern is found anywhere in the text; the files keep to patterns that RE2 and Joni read alike.
  'CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)',
  // Text of a JSON scalar, without its quotes.
  'CREATE MACRO json_extract_scalar(json, path) AS json_extract_string(json, path)',
];
