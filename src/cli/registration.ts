/** What register, status and unregister share: their options, and the services they speak to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogTables } from '../catalog/table.ts';
import type { Layout } from '../lake/layout.ts';
import { RegistrationOptionError } from '../register/registration-error.ts';
import type { Services } from '../register/services.ts';
import { checkedProvider, checkSourceVersion, checkTablePrefix, wantedSources } from '../register/wanted.ts';
import type { Provider, WantedSources } from '../register/wanted.ts';
import { checkSession } from './aws-session.ts';
import { UsageError } from './failure.ts';
import { readMapping } from './run.ts';

/** The options that all three take. */
export interface SourceOptions {
  /** Default: the mapping file's source_name. */
  readonly sourceName?: string;
  readonly layout: Layout;
  readonly sourceVersion?: string;
  readonly tablePrefix?: string;
  /** Region of the lake. Default: the SDK's. */
  readonly region?: string;
  readonly glueRole?: string;
  readonly externalId?: string;
  readonly providerPrincipal?: string;
}

/** The sources of a mapping file. @throws UsageError, InputError, CatalogError */
export async function readWanted(
  mappingPath: string | undefined,
  { sourceName, layout, sourceVersion, tablePrefix }: SourceOptions,
): Promise<WantedSources> {
  const mapping = await readMapping(mappingPath);
  const classes = catalogTables(mapping).map(({ name, columns }) => ({ schema: name, columns }));
  return usage(() => {
    checkSourceVersion(sourceVersion);
    checkTablePrefix(tablePrefix);
    return wantedSources({ sourceName: sourceName ?? mapping.sourceName, classes, layout });
  });
}

/** Who provides, where the options say so. @throws UsageError */
export function providerOf({ glueRole, externalId, providerPrincipal }: SourceOptions): Provider | undefined {
  if (glueRole === undefined || externalId === undefined) return undefined;
  return usage(() =>
    checkedProvider({
      glueRoleArn: glueRole,
      externalId,
      ...(providerPrincipal !== undefined && { principal: providerPrincipal }),
    }),
  );
}

/** Options that lead nowhere are wrong use of the command. */
function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RegistrationOptionError) throw new UsageError(error.message);
    throw error;
  }
}

/** Speaks to AWS, which is loaded only now. @throws AwsSessionError, and what the work throws */
export async function withServices<T>(
  region: string | undefined,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const { openSession } = await import('../register/securitylake-session.ts');
  const session = openSession({
    wait: (waitMs) => sleep(waitMs),
    ...(region !== undefined && { region }),
  });
  try {
    await checkSession(session.client);
    return await work(session);
  } finally {
    session.close();
  }
}
