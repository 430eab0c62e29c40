/**
 * An account with Security Lake, Glue and STS behind one endpoint: what `register` speaks to. Requests are counted in
 * the order in which they come, whatever service they are for, and fail over the wire as a test says.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { newFaults, type Drop, type FaultRule, type Injected, type Refusal } from './faults.ts';
import { memoryGlue, type JsonAnswer, type JsonBackend, type JsonObject, type MemoryGlue } from './glue.ts';
import { readBody, serve, type ListeningServer } from './http.ts';
import { motoGlue, motoIdentity } from './moto.ts';
import { securityLakeStub, type SecurityLakeStub } from './securitylake.ts';
import { LOCAL_REGION } from './clients.ts';

export const ACCOUNT = '123456789012';

export interface AccountRequest {
  /** The operation, whatever the protocol: CreateCustomLogSource, UpdateCrawler, GetCallerIdentity. */
  readonly operation: string;
  readonly input: JsonObject;
}

export interface LakeAccount extends ListeningServer {
  readonly lake: SecurityLakeStub;
  readonly glue: JsonBackend;
  /** Where Glue is in memory. */
  readonly memory: MemoryGlue | undefined;
  readonly requests: AccountRequest[];
  readonly fail: (rule: FaultRule<AccountRequest, Refusal | Drop>, times?: number) => Injected;
}

/** Operations that change something. */
export const isWrite = ({ operation }: AccountRequest): boolean => /^(Create|Update|Delete)/.test(operation);

/**
 * Starts it, empty.
 * @param moto endpoint of a moto server that is Glue and STS; without it both are in memory
 */
export async function startLakeAccount(moto?: string): Promise<LakeAccount> {
  const memory = moto === undefined ? memoryGlue() : undefined;
  const glue = memory ?? (await motoGlue(moto ?? ''));
  const lake = securityLakeStub({ glue, account: ACCOUNT, region: LOCAL_REGION });
  const faults = newFaults<AccountRequest, Refusal | Drop>();
  const requests: AccountRequest[] = [];

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await readBody(message)).toString();
    const request = requestOf(message, body);
    requests.push(request);
    const fault = await faults.meet(request);
    if (fault === 'drop-before') {
      message.socket.destroy();
      return;
    }
    const { operation, input } = request;
    if (typeof fault === 'object') {
      const { status, code } = fault;
      if (operation === 'GetCallerIdentity') response.writeHead(status, XML).end(errorXml(code));
      else send(response, { status, body: { __type: code, message: 'injected' } });
      return;
    }
    const target = targetOf(message);
    if (operation === 'GetCallerIdentity') {
      const identity = moto === undefined ? identityXml() : await motoIdentity(moto, body);
      if (fault === 'drop-after') message.socket.destroy();
      else response.writeHead(200, XML).end(identity);
      return;
    }
    const answer =
      target === undefined
        ? await lake.handle(message.method ?? '', new URL(message.url ?? '/', 'http://x').pathname, input)
        : await glue.handle(operation, input);
    if (fault === 'drop-after') message.socket.destroy();
    else send(response, answer);
  };

  const server = await serve((message, response) => {
    handle(message, response).catch((error: unknown) =>
      send(response, { status: 500, body: { __type: 'StubError', message: String(error) } }),
    );
  });
  return { ...server, lake, glue, memory, requests, fail: (rule, times) => faults.inject(rule, times) };
}

const targetOf = (message: IncomingMessage): string | undefined => {
  const target = message.headers['x-amz-target'];
  return typeof target === 'string' ? target.slice(target.indexOf('.') + 1) : undefined;
};

const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/^GET \/v1\/datalakes$/, 'ListDataLakes'],
  [/^POST \/v1\/datalake\/logsources\/list$/, 'ListLogSources'],
  [/^POST \/v1\/datalake\/sources$/, 'GetDataLakeSources'],
  [/^POST \/v1\/datalake\/logsources\/custom$/, 'CreateCustomLogSource'],
  [/^DELETE \/v1\/datalake\/logsources\/custom\//, 'DeleteCustomLogSource'],
];

function requestOf(message: IncomingMessage, body: string): AccountRequest {
  if (body.startsWith('Action=') || body.includes('&Action='))
    return { operation: String(new URLSearchParams(body).get('Action')), input: {} };
  const input = (body === '' ? {} : JSON.parse(body)) as JsonObject; // true: the other two speak JSON
  const target = targetOf(message);
  if (target !== undefined) return { operation: target, input };
  const route = `${message.method ?? ''} ${new URL(message.url ?? '/', 'http://x').pathname}`;
  return { operation: OPERATIONS.find(([pattern]) => pattern.test(route))?.[1] ?? route, input };
}

function send(response: ServerResponse, { status, body }: JsonAnswer): void {
  const code = body.__type;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(typeof code === 'string' && { 'x-amzn-errortype': code }),
  });
  response.end(JSON.stringify(body));
}

/** STS speaks the query protocol. */
const XML = { 'content-type': 'text/xml' };

const errorXml = (code: string): string =>
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
  `<Error><Type>Sender</Type><Code>${code}</Code><Message>injected</Message></Error></ErrorResponse>`;

const identityXml = (): string =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
  `<Arn>arn:aws:iam::${ACCOUNT}:user/admin</Arn><UserId>AIDA</UserId><Account>${ACCOUNT}</Account>` +
  `</GetCallerIdentityResult></GetCallerIdentityResponse>`;
