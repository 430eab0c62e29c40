/**
 * One instance of a Lambda function: imports the bundle that is named and answers events, one message each. The
 * environment, memory and console of the function are those of this process.
 */
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(process.argv[2]).href);

process.on('message', async ({ event, remainingMs }) => {
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
