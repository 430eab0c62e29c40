/** What a real SDK client needs to speak to a local server, and an end for all clients that a test made. */
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Credentials that open nothing. */
export const FAKE_CREDENTIALS = { accessKeyId: 'AKIDLOCALTEST', secretAccessKey: 'not-a-secret' } as const;
export const LOCAL_REGION = 'eu-central-1';

/** The part of a client's configuration that makes it local; HTTP/1.1, which all local servers speak. */
export const localConfig = (endpoint: string) => ({
  endpoint,
  region: LOCAL_REGION,
  credentials: FAKE_CREDENTIALS,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 5000, requestTimeout: 30_000 }),
});

export type LocalConfig = ReturnType<typeof localConfig>;

interface Destroyable {
  destroy(): void;
}

/** Makes clients, and destroys them all. */
export interface Clients<Client, Config> {
  readonly client: (config?: Config) => Client;
  readonly destroyAll: () => void;
}

/** `make` gets the local configuration, overridden by what the test gives. */
export function newClients<Client extends Destroyable, Config extends object>(
  endpoint: string,
  make: (config: LocalConfig & Partial<Config>) => Client,
): Clients<Client, Partial<Config>> {
  const clients: Client[] = [];
  return {
    client(config) {
      const client = make({ ...localConfig(endpoint), ...config } as LocalConfig & Partial<Config>); // true: both are in it
      clients.push(client);
      return client;
    },
    destroyAll: () => clients.forEach((client) => client.destroy()),
  };
}
