import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { timeOf } from '../../functions/primitives/ids.js';
import { awsTargets } from '../../local/aws-targets.js';
import { randomFrom } from '../../local/chaos/random.js';
import { write } from '../../local/http-answer.js';
import { ANSWERS, type Answer, GOOD_ANSWERS } from './answers.js';
import { EXPECTED_ANSWERS, type Kind } from './workload.js';

/** Digits of a request's id; a trace names the last half of them. */
const FULL_ID = 32;

/** A call that reached the receiver. */
export interface ReceivedCall {
  /** The webhook-id. */
  readonly run: string;
  readonly attempt: number;
  /** The same when a request is sent again after its connection broke; another one for another worker. */
  readonly requestId: string;
  /** The number that the task's payload carries. */
  readonly task: number;
  /** Whether the payload is what the client gave. */
  readonly intact: boolean;
  readonly answer: Answer;
  /** When its worker set out to claim the attempt, and when the call arrived; Unix milliseconds. */
  readonly claimedAt: number;
  readonly at: number;
}

export interface HostileReceiver {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  close(): Promise<void>;
}

/** `/<kind>` answers as that kind of endpoint does; how, the seed decides for each task and attempt. */
export async function startHostileReceiver(
  seed: number,
  intact: (task: number, body: string) => boolean,
  /** By how many milliseconds the callers' clock is ahead. */
  ahead: () => number = () => 0,
) {
  const calls: ReceivedCall[] = [];
  const ofAws = awsTargets();
  const numbered = callsInOrder();
  const server = createServer(async (request, response) => {
    const body = await read(request).catch(() => undefined);
    if (body === undefined) return;
    const asked = ofAws(request, Buffer.from(body));
    const text = asked?.call.operation === 'Invoke' ? JSON.parse(body).body : (asked?.call.body ?? body);
    const [kind, headers] = asked
      ? [asked.call.arn.split(/[:/]/).at(-1)!, numbered(asked.call.headers)]
      : [request.url!.slice(1), request.headers];
    const call = callOf(kind as Kind | 'mended', headers, text, seed, ahead());
    calls.push({ ...call, intact: intact(call.task, text) });
    if (asked && GOOD_ANSWERS.has(call.answer)) return write(response, await asked.answer());
    ANSWERS[call.answer](response, randomFrom(seed, `pace ${call.task} ${call.attempt}`).next());
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close } satisfies HostileReceiver;
}

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Events and executions carry a trace, and no number of the attempt: each call that the trace names counts as the next
 * attempt, also that of a worker which takes an attempt over.
 */
function callsInOrder(): (headers: Headers) => Headers {
  const parents = new Map<string, string[]>();
  return (headers) => {
    const { 'webhook-id': run = '', 'trace-header': trace } = headers;
    if (trace === undefined) return headers;
    const parent = /Parent=(\w+)/.exec(trace)![1]!;
    const known = parents.get(run) ?? [];
    if (!known.includes(parent)) parents.set(run, [...known, parent]);
    return {
      ...headers,
      'punctual-attempt': String(parents.get(run)!.indexOf(parent) + 1),
      'punctual-request-id': parent,
    };
  };
}

/** Services of AWS get the same names as attributes. */
export function callOf(
  kind: Kind | 'mended',
  headers: Readonly<Record<string, unknown>>,
  body: string,
  seed: number,
  ahead: number,
) {
  const task = Number(/"task":(\d+)/.exec(body)?.[1]);
  const attempt = Number(headers['punctual-attempt']);
  const choices = EXPECTED_ANSWERS[kind](attempt);
  const requestId = String(headers['punctual-request-id']);
  return {
    run: String(headers['webhook-id']),
    attempt,
    requestId,
    claimedAt: requestId.length === FULL_ID ? timeOf(requestId) - ahead : Date.now(),
    task,
    answer: randomFrom(seed, `answer ${task} ${attempt}`).pick(choices),
    at: Date.now(),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
