import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LoopbackServer, serveLoopback } from '../../../local/loopback-server.js';
import { CALLS } from './cases.js';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly apiKey: unknown;
  readonly idempotencyKey: unknown;
  readonly contentType: unknown;
  /** Milliseconds of this process. */
  readonly at: number;
}

export interface ScriptedApi extends LoopbackServer {
  /** The requests to the API's address below `/<client>/<number of the case>`. */
  sentTo(client: string, number: number): readonly SentRequest[];
}

/** Answers the requests below `/<client>/<number of a case>` as the case says. */
export async function startScriptedApi(): Promise<ScriptedApi> {
  const sent = new Map<string, SentRequest[]>();
  const server = await serveLoopback((request, body, response) => {
    const [, client = '', number = ''] = request.url!.split('/');
    const place = `/${client}/${number}`;
    const requests = sent.get(place) ?? [];
    sent.set(place, [...requests, requestOf(request, body, place)]);
    const { script } = CALLS[Number(number)]!;
    answer(request, response, script[Math.min(requests.length, script.length - 1)]!);
  });
  return { ...server, sentTo: (client, number) => sent.get(`/${client}/${number}`) ?? [] };
}

function requestOf({ method, url, headers }: IncomingMessage, body: Buffer, place: string): SentRequest {
  return {
    method: method!,
    path: sorted(url!.slice(place.length)),
    body: body.length > 0 ? JSON.parse(body.toString()) : undefined,
    apiKey: headers['x-api-key'],
    idempotencyKey: headers['idempotency-key'],
    contentType: headers['content-type'],
    at: performance.now(),
  };
}

/** The order of parameters has no meaning. */
function sorted(path: string): string {
  const [place, query] = path.split('?');
  return query === undefined ? place! : `${place}?${query.split('&').sort().join('&')}`;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  scripted: (typeof CALLS)[number]['script'][number],
) {
  if (scripted === 'hang') return;
  if (scripted === 'drop') {
    request.socket.destroy();
    return;
  }
  const { status, headers = {}, body, text = body === undefined ? '' : JSON.stringify(body) } = scripted;
  // Some clients send a request again by themselves where a connection was used before.
  response.writeHead(status, { ...headers, connection: 'close' }).end(text);
}
