import * as z from 'zod/mini';
import { isHttp } from '../../destinations/registry.js';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../primitives/faults.js';
import { UUID_V7_HEX } from '../../primitives/ids.js';
import { lookAgain } from '../../primitives/look-again.js';
import { isoTime } from '../../primitives/moments.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Endpoint } from '../../subjects/endpoints/endpoint.js';
import {
  endListener,
  keepListener,
  type Listener,
  liveListeners,
  type RelayedRequest,
  type RelayKey,
  startListener,
} from '../../subjects/listeners/listener.js';
import type { ShownListener, ShownRequest } from '../../subjects/listeners/listener-answers.js';
import { newListenerSchema, relayedAnswerSchema } from '../../subjects/listeners/listener-schema.js';
import { wholeNumber } from '../http/pages.js';
import { TurnedOffError } from '../http/problem.js';
import { type RouteRequest, route } from '../http/route.js';
import { MAX_WAIT_SECONDS } from '../requests/await-end.js';
import { assertId } from '../requests/find.js';

const PATH = '/v1/listeners';
const LONGEST_PAUSE_MS = 200;
/** Of a request that a listener takes at once; ten of 256 KB fit into an answer of Lambda (6 MB). */
const MOST_REQUESTS = 10;

export const routes = [
  route(`POST ${PATH}`, {
    needs: 'manage',
    summary: 'Starts a listener, which gets the calls of endpoints in place of their URLs.',
    description:
      'It ends a minute after it last asked for requests. Then, and where another release delivers, the URLs are called. ' +
      'An endpoint has one listener at a time: 409 names the one that has it.',
    body: newListenerSchema,
    async handle(request, ports) {
      assertTurnedOn(ports);
      const project = request.project().id;
      const endpoint_ids = [...new Set(request.body.endpoint_ids)];
      await assertHttpEndpoints(ports, project, endpoint_ids);
      const wanted = { id: request.newId('lst'), endpoint_ids };
      const listener = await startListener(ports.claims, project, wanted, ports.clock.now());
      const listener_id = listener.id;
      // The marks come after the decision: a mark that is missing, or too much, only costs a call of the URL, or a look.
      for (const id of endpoint_ids)
        await ports.configStore.changeEndpoint(project, id, (current) => ({ ...current, listener_id }));
      return { status: 201, location: `${PATH}/${listener_id}`, body: presentListener(listener) };
    },
  }),

  route(`GET ${PATH}`, {
    needs: 'manage',
    summary: 'Lists the listeners.',
    async handle({ project }, { claims, clock }) {
      const listeners = await liveListeners(claims, project().id, clock.now());
      return { status: 200, body: { data: listeners.map(presentListener) } };
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Shows a listener.',
    async handle({ project, params }, { claims, clock }) {
      const listeners = await liveListeners(claims, project().id, clock.now());
      const found = listeners.find(({ id }) => id === params['id']);
      if (found === undefined) throw new NotFoundError('There is no such listener any more.');
      return { status: 200, body: presentListener(found) };
    },
  }),

  route(`GET ${PATH}/{id}/requests`, {
    needs: 'manage',
    summary: 'Takes the requests that wait for a listener.',
    description:
      'Waits some seconds for the first one. Each is given once. Its attempt waits for the answer, as for that of a ' +
      'receiver; without one it times out. Asking keeps the listener.',
    query: z.strictObject({ timeout_seconds: z.optional(wholeNumber(MAX_WAIT_SECONDS)) }),
    async handle(request, ports) {
      assertTurnedOn(ports);
      const { timeout_seconds = MAX_WAIT_SECONDS } = request.query;
      const key = { project_id: request.project().id, listener_id: request.params['id']! };
      const taken = await takeRequests(ports, key, timeout_seconds * 1000);
      return { status: 200, body: { data: await Promise.all(taken.map((each) => presentRequest(ports, each))) } };
    },
  }),

  route(`POST ${PATH}/{id}/requests/{request_id}/answer`, {
    needs: 'manage',
    summary: 'Answers a request: the outcome of its attempt.',
    description: 'The first answer counts. An attempt that has ended meanwhile takes none: 404.',
    body: relayedAnswerSchema,
    isUnaudited: true,
    async handle(request, { relays }) {
      const { status, headers = {}, body = '', error } = request.body;
      const answer = status === undefined ? { error: error! } : { status, headers, body };
      const key = relayKeyOf(request);
      if (await relays.answer(key, answer)) return { status: 204 };
      if (await relays.answerTo(key)) throw new ConflictError('The request is answered already.');
      throw new NotFoundError('There is no such request any more: its attempt has ended.');
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Ends a listener: the URLs of its endpoints are called again.',
    description: 'What it has taken it can still answer.',
    async handle({ project, params }, { claims }) {
      assertId('lst', params['id']!);
      await endListener(claims, project().id, params['id']!);
      return { status: 204 };
    },
  }),
];

/** @throws TurnedOffError */
function assertTurnedOn({ settings }: Pick<ApiPorts, 'settings'>): void {
  if (!settings.listeners) throw new TurnedOffError('This stage has no listeners: its setting listeners is false.');
}

/** @throws InvalidRequestError that names every endpoint which is not there, or is not HTTP */
async function assertHttpEndpoints(
  { config }: Pick<ApiPorts, 'config'>,
  project: string,
  ids: readonly string[],
): Promise<void> {
  const found = await Promise.all(ids.map((id) => config.endpoint(project, id)));
  const faults = found.flatMap((endpoint, n) => {
    const message = faultOf(endpoint);
    return message === undefined ? [] : [{ pointer: `/endpoint_ids/${n}`, message }];
  });
  if (faults.length > 0) throw new InvalidRequestError(faults);
}

function faultOf(endpoint: Endpoint | undefined): string | undefined {
  if (endpoint === undefined) return 'There is no such endpoint.';
  return isHttp(endpoint) ? undefined : 'Its target is no URL.';
}

/** @throws NotFoundError when the listener has ended, also while it waits */
async function takeRequests(
  { claims, clock, relays }: Pick<ApiPorts, 'claims' | 'clock' | 'relays'>,
  listener: Omit<RelayKey, 'id'>,
  waitMs: number,
): Promise<RelayedRequest[]> {
  let taken: RelayedRequest[] = [];
  const take = async () => {
    await keepListener(claims, listener.project_id, listener.listener_id, clock.now());
    taken = await relays.take(listener, clock.now(), MOST_REQUESTS);
    return taken.length > 0;
  };
  if (!(await take())) await lookAgain(clock, waitMs, take, LONGEST_PAUSE_MS);
  return taken;
}

const CALL_ID = new RegExp(`^${UUID_V7_HEX}$`);

function relayKeyOf({ project, params }: RouteRequest): RelayKey {
  const { id: listener_id = '', request_id: id = '' } = params;
  assertId('lst', listener_id);
  if (!CALL_ID.test(id)) throw new NotFoundError('There is no such request.');
  return { project_id: project().id, listener_id, id };
}

function presentListener({ id, endpoint_ids, until }: Listener): ShownListener {
  return { id, endpoint_ids: [...endpoint_ids], expires_at: isoTime(until) };
}

async function presentRequest(
  { secrets }: Pick<ApiPorts, 'secrets'>,
  { id, run_id, endpoint_id, attempt, title, method, url, headers, body, expires_at }: RelayedRequest,
): Promise<ShownRequest> {
  return {
    id,
    task_id: run_id,
    endpoint_id,
    attempt,
    name: title ?? null,
    method,
    url,
    headers: JSON.parse(await secrets.decrypt(headers, id)),
    body,
    expires_at: isoTime(expires_at),
  };
}
