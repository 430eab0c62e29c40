/**
 * Glue and STS of a moto server (https://github.com/getmoto/moto), which `scripts/check-moto.sh` starts. moto 5.2 has no
 * UpdateCrawler: here it is a crawler taken away and made again with what changed.
 */
import { refused, ok, type JsonAnswer, type JsonBackend, type JsonObject } from './glue.ts';

/** moto tells the service and the region by the signature's scope, and looks no further. */
const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIDLOCALTEST/20260101/eu-central-1/${service}/aws4_request, ` +
  'SignedHeaders=host, Signature=0';

/** What CreateCrawler takes of what GetCrawler tells, as far as register has to do with it. */
const KEPT = [
  ...['Role', 'DatabaseName', 'Description', 'Targets', 'TablePrefix', 'Configuration'],
  'SchemaChangePolicy',
];

/** Glue, emptied first. */
export async function motoGlue(endpoint: string): Promise<JsonBackend> {
  await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });

  const send = async (operation: string, input: JsonObject): Promise<JsonAnswer> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: authorization('glue'),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSGlue.${operation}`,
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject }; // true: AWS JSON
  };

  const update = async ({ Name, ...changes }: JsonObject): Promise<JsonAnswer> => {
    const found = await send('GetCrawler', { Name });
    if (found.status !== 200) return found;
    const crawler = found.body.Crawler as JsonObject; // true: what GetCrawler answers
    if (crawler.State !== 'READY') return refused('CrawlerRunningException');
    const schedule = (crawler.Schedule as JsonObject | undefined)?.ScheduleExpression; // true: as moto tells it
    await send('DeleteCrawler', { Name });
    const given = Object.fromEntries(KEPT.map((key) => [key, crawler[key] ?? undefined]));
    const made = await send('CreateCrawler', {
      ...given,
      ...(schedule !== undefined && { Schedule: schedule }),
      ...changes,
      Name,
    });
    return made.status === 200 ? ok() : made;
  };

  return {
    handle: (operation, input) => (operation === 'UpdateCrawler' ? update(input) : send(operation, input)),
  };
}

/** What GetCallerIdentity answers, as XML. */
export async function motoIdentity(endpoint: string, body: string): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: authorization('sts'), 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  return response.text();
}
