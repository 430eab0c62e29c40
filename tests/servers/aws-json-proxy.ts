/**
 * A proxy in front of a local server of an AWS JSON service (DynamoDB, SQS, Kinesis): it counts the requests by
 * operation and injects faults over the wire.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
import { newFaults, type Drop, type FaultRule, type Injected, type Refusal } from './faults.ts';
import { readBody, serve, type ListeningServer } from './http.ts';

export interface JsonRequest {
  /** The operation, such as BatchGetItem. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Changes a request on its way in, and its answer on its way back, both as JSON. */
export interface Rewrite {
  readonly input: unknown;
  readonly answer: (output: Record<string, unknown>) => unknown;
}

export type JsonFault = Refusal | Drop | Rewrite;

export interface AwsJsonProxy extends ListeningServer {
  /** Adds a fault rule, for at most `times` faults. */
  readonly fail: (rule: FaultRule<JsonRequest, JsonFault>, times?: number) => Injected;
  /** All requests, in the order in which they came. */
  readonly requests: readonly JsonRequest[];
  readonly countOf: (operation: string) => number;
  /** The most requests that were under way at the same time. */
  readonly inFlightMax: number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Starts a proxy in front of a server. Closing it closes that one too. */
export async function startAwsJsonProxy(behind: ListeningServer): Promise<AwsJsonProxy> {
  const upstream = behind.endpoint;
  const faults = newFaults<JsonRequest, JsonFault>();
  const agent = new Agent({ keepAlive: true });
  const requests: JsonRequest[] = [];
  let inFlight = 0;
  let inFlightMax = 0;

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(message);
    const request = requestOf(message, body);
    requests.push(request);
    const fault = await faults.meet(request);
    if (fault === 'drop-before') {
      message.socket.destroy();
      return;
    }
    if (isRefusal(fault)) {
      refuse(response, fault);
      return;
    }
    if (typeof fault === 'object') {
      const rewritten = await forward(agent, upstream, message, Buffer.from(JSON.stringify(fault.input)));
      const output = JSON.parse(rewritten.body.toString()) as Record<string, unknown>; // true: what the service answers
      const answered = rewritten.status === 200 ? fault.answer(output) : output;
      send(response, { ...rewritten, body: Buffer.from(JSON.stringify(answered)) });
      return;
    }
    const answer = await forward(agent, upstream, message, body);
    if (fault === 'drop-after') message.socket.destroy();
    else send(response, answer);
  };

  const server = await serve((message, response) => {
    inFlightMax = Math.max(inFlightMax, ++inFlight);
    handle(message, response)
      .catch((error: unknown) => refuse(response, { status: 500, code: `ProxyError: ${String(error)}` }))
      .finally(() => inFlight--);
  });

  return {
    endpoint: server.endpoint,
    async close() {
      await server.close();
      agent.destroy();
      await behind.close();
    },
    fail: (rule, times) => faults.inject(rule, times),
    requests,
    countOf: (operation) => requests.filter((request) => request.operation === operation).length,
    get inFlightMax() {
      return inFlightMax;
    },
  };
}

const isRefusal = (fault: JsonFault | undefined): fault is Refusal =>
  typeof fault === 'object' && 'status' in fault;

function requestOf(message: IncomingMessage, body: Buffer): JsonRequest {
  const target = String(message.headers['x-amz-target'] ?? '');
  const input = JSON.parse(body.length === 0 ? '{}' : body.toString()) as Record<string, unknown>; // true: AWS JSON
  return { operation: target.slice(target.indexOf('.') + 1), input };
}

/** Sends a request on, with the Host that the client used, so that URLs in the answer lead here. */
function forward(agent: Agent, upstream: string, message: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: message.method,
      headers: { ...message.headers, connection: 'keep-alive', 'content-length': String(body.length) },
    };
    const outgoing = httpRequest(`${upstream}${message.url ?? '/'}`, options, (incoming) => {
      readBody(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 500, headers: incoming.headers, body: answer }),
        reject,
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** Headers that belong to the body or to one connection; the checksum is that of the body before it was changed. */
const NOT_PASSED_ON = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'x-amz-crc32'];

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !NOT_PASSED_ON.includes(name)) response.setHeader(name, value);
  }
  response.writeHead(status, { 'content-length': body.length }).end(body);
}

function refuse(response: ServerResponse, { status, code }: Refusal): void {
  const body = JSON.stringify({ __type: code, message: 'injected' });
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code });
  response.end(body);
}
