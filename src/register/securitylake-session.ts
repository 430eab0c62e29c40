/** The services of one run: three clients of the SDK, with its own retries, for one region. */
import { glue, glueClient } from './glue-catalogue.ts';
import { securityLake, securityLakeClient } from './securitylake-sources.ts';
import type { Services } from './services.ts';
import { callerOf, stsClient } from './sts-caller.ts';

export interface Session extends Services {
  /** Any of the clients: it knows whether there are credentials and a region. */
  readonly client: ReturnType<typeof stsClient>;
  readonly close: () => void;
}

export interface SessionOptions {
  /** Region of the lake; default: the SDK's. */
  readonly region?: string;
  readonly wait: (waitMs: number) => Promise<void>;
}

/** Credentials, and endpoints that are not AWS's, are those that the SDK finds. */
export function openSession({ region, wait }: SessionOptions): Session {
  const clients = { lake: securityLakeClient(region), glue: glueClient(region), sts: stsClient(region) };
  return {
    client: clients.sts,
    securityLake: securityLake(clients.lake),
    glue: glue(clients.glue),
    caller: () => callerOf(clients.sts),
    wait,
    close: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}
