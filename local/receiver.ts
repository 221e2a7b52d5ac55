import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsCall, awsTargets } from './aws-targets.js';
import { type Answer, write } from './http-answer.js';
import { splitTarget } from './http-event.js';
import { type LoopbackServer, serveLoopback } from './loopback-server.js';
import { type Received, receivedPage } from './received.js';

export type { Received } from './received.js';

/** Most requests that `GET /received` lists. */
const REMEMBERED = 1000;
const MAX_DELAY_MS = 600_000;

/**
 * A target for trials: `/ok`, `/fail/<status>`, `/flaky/<n>` (fails n times per webhook-id, then 200) and `/slow/<ms>`
 * take any method, and calls of AWS's services are answered, too; `GET /received` lists the requests, newest last, with
 * `?webhook_id=` of one task run alone; a browser gets them as a page.
 */
export function startReceiver(options: { port?: number } = {}): Promise<LoopbackServer> {
  const received: Received[] = [];
  const failures = new Map<string, number>();
  const ofAws = awsTargets();
  const remember = (one: Received) => {
    received.push(one);
    if (received.length > REMEMBERED) received.shift();
  };
  return serveLoopback(async (request, body, response) => {
    const { path, query } = splitTarget(request.url ?? '/');
    if (path === '/received') return write(response, list(received, new URLSearchParams(query), request));
    const asked = ofAws(request, body);
    remember(asked ? recordOf(asked.call) : record(request, body));
    write(response, await (asked ? asked.answer() : behave(path, webhookId(request), failures)));
  }, options.port);
}

function record(request: IncomingMessage, body: Buffer): Received {
  const { method = 'GET', url = '/', headers } = request;
  return { method, path: url, headers, body: body.toString('utf8'), received_at: new Date().toISOString() };
}

/** A call of AWS's services: the ARN is the path. */
function recordOf({ operation: method, arn: path, headers, body }: AwsCall): Received {
  return { method, path, headers, body, received_at: new Date().toISOString() };
}

const webhookId = (request: IncomingMessage): string => String(request.headers['webhook-id'] ?? '');

function list(received: readonly Received[], query: URLSearchParams, { headers: asked }: IncomingMessage): Answer {
  const id = query.get('webhook_id');
  const wanted = id === null ? received : received.filter(({ headers }) => headers['webhook-id'] === id);
  if (!asked.accept?.includes('text/html')) return json(200, wanted);
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: receivedPage(wanted, id) };
}

async function behave(path: string, id: string, failures: Map<string, number>): Promise<Answer> {
  const [, behaviour, argument] = path.split('/');
  const number = Number(argument);
  if (behaviour === 'ok') return json(200, { ok: true });
  if (behaviour === 'fail' && number >= 200 && number <= 599) return json(number, { ok: number < 300 });
  if (behaviour === 'flaky' && number >= 0) return flaky(`${path} ${id}`, number, failures);
  if (behaviour === 'slow' && number >= 0 && number <= MAX_DELAY_MS) {
    await sleep(number, undefined, { ref: false }); // `close` need not wait for this timer
    return json(200, { ok: true });
  }
  return json(404, { error: 'try /ok, /fail/503, /flaky/2, /slow/1500 or GET /received' });
}

function flaky(key: string, times: number, failures: Map<string, number>): Answer {
  const failed = failures.get(key) ?? 0;
  if (failed >= times) return json(200, { ok: true, after: failed });
  failures.set(key, failed + 1);
  return json(503, { ok: false, failures: failed + 1 });
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
