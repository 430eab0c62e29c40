/** What is to be registered: the sources of a mapping, by layout, and who writes to them. Checked before any call. */
import { LayoutError, sourceNameFor } from '../lake/layout.ts';
import type { Layout } from '../lake/layout.ts';
import { eventClassOf } from './event-classes.ts';
import { RegistrationOptionError } from './registration-error.ts';
import type { TableColumn } from './services.ts';

/** A class of the mapping, with the columns that its table should have. */
export interface ClassColumns {
  readonly schema: string;
  readonly columns: readonly TableColumn[];
}

export interface WantedSource {
  readonly sourceName: string;
  /** The classes that are written below it. */
  readonly classes: readonly ClassColumns[];
  /** As Security Lake calls them, in the order of the mapping. */
  readonly eventClasses: readonly string[];
}

export interface WantedSources {
  readonly layout: Layout;
  /** The name that --source-name gives: the source itself, or what the names of the sources are made from. */
  readonly baseName: string;
  readonly sources: readonly WantedSource[];
  /** Classes that Security Lake's list does not have. They are written all the same, and not told to it. */
  readonly unlisted: readonly string[];
}

/** Who writes, and what the crawler runs as. */
export interface Provider {
  readonly glueRoleArn: string;
  /** An account, or a service of AWS. Default: the account of the caller. */
  readonly principal?: string;
  readonly externalId: string;
}

export interface SourceOptions {
  readonly sourceName: string;
  readonly classes: readonly ClassColumns[];
  readonly layout: Layout;
}

/** So that AmazonSecurityLake-Provider-<name>-<region> is a name that IAM takes (64 characters). */
const NAME_LENGTH_MAX = 20;
const NAME = /^[\w\-:.]+$/;

/**
 * The sources that a mapping becomes: one with a folder for each class, or one for each class.
 * @throws RegistrationOptionError for a name that Security Lake does not take: above 20 characters, or other
 * characters than letters, digits, _ - : and .
 */
export function wantedSources({ sourceName, classes, layout }: SourceOptions): WantedSources {
  const source = (name: string, below: readonly ClassColumns[]): WantedSource => ({
    sourceName: checkedName(name),
    classes: below,
    eventClasses: below.map(({ schema }) => eventClassOf(schema)).filter((name) => name !== undefined),
  });
  return {
    layout,
    baseName: sourceName,
    sources:
      layout === 'per-schema'
        ? [source(sourceName, classes)]
        : classes.map((one) => source(nameFor(one.schema, sourceName), [one])),
    unlisted: classes.map(({ schema }) => schema).filter((schema) => eventClassOf(schema) === undefined),
  };
}

function checkedName(name: string): string {
  if (!NAME.test(name))
    throw new RegistrationOptionError('--source-name', name, 'use letters, digits, _ - : and .');
  if (name.length > NAME_LENGTH_MAX) {
    const rule = `Security Lake takes ${NAME_LENGTH_MAX} characters, these are ${name.length}; use a shorter name`;
    throw new RegistrationOptionError('--source-name', name, rule);
  }
  return name;
}

function nameFor(schema: string, sourceName: string): string {
  try {
    return sourceNameFor(schema, sourceName);
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    throw new RegistrationOptionError(
      '--source-name',
      sourceName,
      'use 1 to 64 letters, digits, _ - : and .',
    );
  }
}

const ROLE_ARN = /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const PRINCIPAL = /^(\d{12}|[a-z0-9.-]+\.(amazonaws|amazon)\.com)$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
const VERSION = /^[\w\-.]{1,32}$/;
/** Glue's limit of a prefix; its names of tables are in lower case. */
const TABLE_PREFIX = /^[a-z0-9_]{1,128}$/;

/** The options again; throws {@link RegistrationOptionError} for one that AWS would refuse. */
export function checkedProvider(provider: Provider): Provider {
  const { glueRoleArn, principal, externalId } = provider;
  check('--glue-role', glueRoleArn, ROLE_ARN, 'use the ARN of a role, as CustomSourceGlueRoleARN is');
  check('--provider-principal', principal, PRINCIPAL, 'use an account of 12 digits, or a service of AWS');
  check('--external-id', externalId, EXTERNAL_ID, 'use 2 to 1,224 letters, digits and + = , . @ : / - _');
  return provider;
}

/** @throws RegistrationOptionError */
export const checkSourceVersion = (version: string | undefined): void =>
  check('--source-version', version, VERSION, 'use 1 to 32 letters, digits, - . and _');

/** @throws RegistrationOptionError */
export const checkTablePrefix = (prefix: string | undefined): void =>
  check('--table-prefix', prefix, TABLE_PREFIX, 'use 1 to 128 small letters, digits and _');

function check(option: string, value: string | undefined, pattern: RegExp, rule: string): void {
  if (value !== undefined && !pattern.test(value)) throw new RegistrationOptionError(option, value, rule);
}
