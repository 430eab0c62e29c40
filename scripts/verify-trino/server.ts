/** A Trino server of this run's own: the Hive connector over a folder, its catalogue in files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

export interface TrinoServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** How long the server may take to start. On 2 cores it takes 20 s. */
const START_MS_MAX = 300_000;

export interface ServerOptions {
  /** Folder of trino-server-core, unpacked. */
  readonly home: string;
  /** Folder that holds the plugin of the Hive connector alone. */
  readonly plugins: string;
  readonly java: string;
  /** Its configuration and its log. */
  readonly folder: string;
  /** What `local:///` is. */
  readonly root: string;
}

/** Starts a server on a free port of the loopback. Throws where it does not come up. */
export async function startTrino({ home, plugins, java, folder, root }: ServerOptions): Promise<TrinoServer> {
  const port = await freePort();
  const etc = path.join(folder, 'etc');
  await mkdir(path.join(etc, 'catalog'), { recursive: true });
  await writeProperties(path.join(etc, 'config.properties'), {
    'node.environment': 'verify',
    'node.id': 'verify',
    'node.bind-ip': '127.0.0.1',
    'node.internal-address': '127.0.0.1',
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'discovery.uri': `http://127.0.0.1:${port}`,
    'plugin.dir': plugins,
    'catalog.config-dir': path.join(etc, 'catalog'),
    'web-ui.enabled': 'false',
    'task.concurrency': '1',
  });
  await writeProperties(path.join(etc, 'catalog', 'hive.properties'), {
    'connector.name': 'hive',
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': 'local:///metastore',
    'fs.native-local.enabled': 'true',
    'local.location': root,
    // As in Athena, where a projected day without objects is an empty one.
    'hive.partition-projection-enabled': 'true',
    'hive.ignore-absent-partitions': 'true',
  });
  const logFile = path.join(folder, 'log');
  const log = await open(logFile, 'w');
  const server = spawn(
    java,
    [
      '-Xmx2G',
      '-XX:+UseSerialGC',
      // Every query is asked once: compiling it well takes longer than running it.
      '-XX:TieredStopAtLevel=1',
      '--add-modules=jdk.incubator.vector',
      '--enable-native-access=ALL-UNNAMED',
      `-Dconfig=${path.join(etc, 'config.properties')}`,
      '-cp',
      path.join(home, 'lib', '*'),
      'io.trino.server.TrinoServer',
    ],
    { cwd: folder, stdio: ['ignore', log.fd, log.fd] },
  );
  const exited = once(server, 'exit');
  const kill = (): void => void server.kill('SIGKILL');
  process.prependListener('exit', kill); // before its folder is removed
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill(); // nothing in it is worth a shutdown
    await exited;
    await log.close();
  };
  const deadlineMs = Date.now() + START_MS_MAX;
  while (!(await isUp(port))) {
    if (server.exitCode === null && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    await stop();
    throw new Error(`Trino does not start: ${(await readFile(logFile, 'utf8')).slice(-4000)}`);
  }
  return { port, stop };
}

async function isUp(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/info`);
    const info: unknown = await answer.json();
    return typeof info === 'object' && info !== null && 'starting' in info && info.starting === false;
  } catch {
    return false; // not yet
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a port, please');
  return address.port;
}

const writeProperties = (file: string, properties: Readonly<Record<string, string>>): Promise<void> =>
  writeFile(
    file,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
