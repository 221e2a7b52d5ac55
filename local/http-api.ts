import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { consoleFiles, isConsolePath } from './console-files.js';
import { FunctionError, type Log } from './execution-environment.js';
import type { FunctionPool } from './function-pool.js';
import { type Answer, answerOf, gatewayAnswer, write } from './http-answer.js';
import { httpEvent, splitTarget } from './http-event.js';
import { matchRoute, type Route } from './http-routes.js';
import { type LoopbackServer, serveLoopback } from './loopback-server.js';

/** API Gateway's limit for an HTTP API. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface HttpApi extends LoopbackServer {
  /** Sets the API's routes; requests wait until then. */
  connect(routes: readonly Route[], functionFor: (arn: string) => FunctionPool | undefined): void;
}

/** The root redirects to the console, since users open it first. The deployed API answers 404 there. */
const TO_THE_CONSOLE: Answer = { status: 302, headers: { location: '/console/' }, body: '' };
const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

type Gateway = (request: IncomingMessage, body: Buffer) => Promise<Answer>;

/**
 * The HTTP API (API Gateway v2). It listens at once, so that its URL is known before its functions exist, and serves
 * the console and the documentation on the same origin, as the distribution does.
 */
export async function startHttpApi({
  port,
  portalOrigins,
  site,
  log,
}: {
  port?: number;
  portalOrigins?: readonly string[] | undefined;
  /** Folder of the built console and documentation. */
  site?: string | undefined;
  log: Log;
}): Promise<HttpApi> {
  let connected: (gateway: Gateway) => void = () => {};
  const gateway = new Promise<Gateway>((resolve) => {
    connected = resolve;
  });
  const console = consoleFiles(portalOrigins, site);
  const server = await serveLoopback(async (request, body, response) => {
    const { path } = splitTarget(request.url ?? '/');
    if (path === '/' && isRead(request)) return write(response, TO_THE_CONSOLE);
    write(response, isConsolePath(path) ? await console(path) : await (await gateway)(request, body));
  }, port);
  return {
    ...server,
    connect: (routes, functionFor) => connected((request, body) => serve(request, body, routes, functionFor, log)),
  };
}

async function serve(
  request: IncomingMessage,
  body: Buffer,
  routes: readonly Route[],
  functionFor: (arn: string) => FunctionPool | undefined,
  log: Log,
): Promise<Answer> {
  if (body.length > MAX_BODY_BYTES) return gatewayAnswer(413, 'Request Entity Too Large');
  const route = matchRoute(routes, request.method ?? 'GET', splitTarget(request.url ?? '/').path);
  const pool = route && functionFor(route.functionArn);
  if (!pool) return gatewayAnswer(404, 'Not Found');
  if (route.isSigned) return gatewayAnswer(403, 'Forbidden');
  if (!route.admits()) return gatewayAnswer(429, 'Too Many Requests');
  const event = httpEvent(request, body, route);
  const answer = await withinLimit(
    pool.invoke(event).then(answerOf, (error) => failure(error, pool, log)),
    route.timeoutMs,
  );
  return { ...answer, headers: { ...answer.headers, 'apigw-requestid': event.requestContext.requestId } };
}

async function withinLimit(answer: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, gatewayAnswer(503, 'Service Unavailable'), { signal: timer.signal });
  late.catch(() => {});
  return Promise.race([answer, late]).finally(() => timer.abort());
}

function failure(error: unknown, pool: FunctionPool, log: Log): Answer {
  if (error instanceof FunctionError && error.errorType === 'RequestTooLargeException') {
    return gatewayAnswer(413, 'Request Entity Too Large');
  }
  log(pool.definition.name, `invocation failed: ${error instanceof Error ? error.message : error}`);
  return gatewayAnswer(500, 'Internal Server Error');
}
