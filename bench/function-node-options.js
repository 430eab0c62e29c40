/** What template.yaml gives the functions in NODE_OPTIONS: processes that stand for a function get the same. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const template = parse(readFileSync(new URL('../template.yaml', import.meta.url), 'utf8'), {
  logLevel: 'error',
});

/** @type {string} */
export const FUNCTION_NODE_OPTIONS = template.Globals.Function.Environment.Variables.NODE_OPTIONS;
