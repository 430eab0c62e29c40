/**
 * One instance of a Lambda function: imports the bundle that is named and answers events, one message each. The
 * environment, memory and console of the function are those of this process.
 */
import dns from 'node:dns';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

// Queues have URLs below localhost, which not every resolver knows (RFC 6761 says what they mean).
const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, ...rest);

const { handler } = await import(pathToFileURL(process.argv[2]).href);

process.on('message', async ({ event, remainingMs, stop }) => {
  if (stop) process.exit();
  const endMs = performance.now() + remainingMs;
  const context = { getRemainingTimeInMillis: () => Math.max(0, endMs - performance.now()) };
  try {
    process.send({ response: await handler(event, context) });
  } catch (error) {
    process.send({ errorType: error.name, errorMessage: error.message });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');
