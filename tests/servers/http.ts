/** A local HTTP server of a test: on the loopback interface alone, on a free port, gone when it is closed. */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListeningServer {
  /** Where it listens, without a slash at the end. */
  readonly endpoint: string;
  /** Cuts all connections and stops. */
  readonly close: () => Promise<void>;
}

/** Starts a server that answers with `listener`. */
export const serve = (listener: RequestListener): Promise<ListeningServer> => listen(createServer(listener));

/** Lets a server listen. Closing calls the server's own close, which may do more than node's. */
export async function listen(server: Server): Promise<ListeningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // true: it listens on TCP
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        // Not only undefined: the servers that bring their own close call back with null.
        server.close((error?: Error | null) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer); // true: no encoding is set
  return Buffer.concat(chunks);
}
