/**
 * One instance of a Lambda function: requires the bundle that is named and answers events, one message each. The
 * environment, memory and console of the function are those of this process.
 */
import dns from 'node:dns';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

// Queues have URLs below localhost, which not every resolver knows (RFC 6761 says what they mean).
const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, ...rest);

const { handler } = createRequire(import.meta.url)(process.argv[2]);

process.on('message', async ({ event, remainingMs, stop }) => {
  if (stop) process.exit();
  const endMs = performance.now() + remainingMs;
  const context = { getRemainingTimeInMillis: () => Math.max(0, endMs - performance.now()) };
  try {
    process.send({ response: await handler(event, context) });
  } catch (error) {
    process.send({ errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');
