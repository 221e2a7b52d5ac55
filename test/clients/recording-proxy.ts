import type { IncomingMessage } from 'node:http';
import { createRouter } from '../../functions/api/http/router.js';
import { rowOf } from '../../functions/api/openapi/document.js';
import { routes } from '../../functions/api/routes/routes.js';
import { type LoopbackServer, serveLoopback } from '../../local/loopback-server.js';
import { assertDocumented } from '../support/documented.js';

/** Named by fetch itself for the connection of its own. */
const OF_THE_CONNECTION = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'accept-encoding',
];
/** They need cookies, and a provider: test/e2e/sign-in.test.ts. */
const FOR_BROWSERS = new Set(['POST /v1/sign-in', 'GET /v1/sign-in/callback']);
const findRoute = createRouter(routes);

export interface RecordingProxy extends LoopbackServer {
  /** The rows that no client has called with success since this was asked last. */
  uncalled(): string[];
  /** What an answer had beyond the document, or less. */
  readonly faults: string[];
}

/** Stands before the API: a client's own word that it has called every operation is not enough. */
export async function startRecordingProxy(api: string): Promise<RecordingProxy> {
  const called = new Set<string>();
  const faults: string[] = [];
  const server = await serveLoopback(async (request, body, response) => {
    const { method = 'GET', url = '/' } = request;
    const answer = await fetch(api + url, { method, headers: passedOn(request), ...(body.length > 0 && { body }) });
    const text = await answer.text();
    try {
      assertDocumented(method, url, { status: answer.status, text, header: (name) => answer.headers.get(name) });
      if (answer.ok) called.add(rowOf(findRoute(method, url.split('?')[0]!).route));
    } catch (error) {
      faults.push((error as Error).message);
    }
    const kept = [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept)).end(text);
  });
  return {
    ...server,
    faults,
    uncalled() {
      const missing = routes.map(rowOf).filter((row) => !called.has(row) && !FOR_BROWSERS.has(row));
      called.clear();
      return missing;
    },
  };
}

function passedOn({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
