import { createHash, randomBytes } from 'node:crypto';
import { readJson } from '../../functions/api/http/read-json.js';
import type { Credential, Route, RouteAnswer } from '../../functions/api/http/route.js';
import { createRouter } from '../../functions/api/http/router.js';
import { parametersIn, validate } from '../../functions/api/http/validate.js';
import { InvalidRequestError } from '../../functions/primitives/faults.js';
import { makeId } from '../../functions/primitives/ids.js';
import { toJson } from '../../functions/primitives/json-text.js';
import type { ApiPorts } from '../../functions/runtime/api-ports.js';
import type { ApiKey, Project } from '../../functions/subjects/projects/project.js';
import { anEvent } from './api-under-test.js';
import { assertDocumented } from './documented.js';

export interface Call {
  readonly method: Route['method'];
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly accept?: string;
  /** The API key that asks. */
  readonly sent?: string | undefined;
  readonly key?: Pick<ApiKey, 'id'>;
  /** A person who sees several projects and named none; else the only one's key asks. */
  readonly projects: readonly Project[];
  /** The pins of an Idempotency-Key: the same seed draws the same ids. */
  readonly pins?: { readonly seed: string; readonly now: number };
}

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the test to say
export type Json = any;

const AN_API_KEY = { id: makeId('ak', 0, Buffer.alloc(8)) };

type ShownAnswer = RouteAnswer & { readonly body?: Json };

/** Calls a route as the frame does, behind authentication: finds it, checks body and query, pins ids and time. */
export async function callRoute(routes: readonly Route[], ports: ApiPorts, call: Call): Promise<ShownAnswer> {
  const { pathname, searchParams } = new URL(call.path, 'http://api.invalid');
  const { route, params } = createRouter(routes)(call.method, pathname);
  const sent = readJson(JSON.stringify(call.body ?? {}), { kept: ['payload'], maxDepth: 200, maxMembers: 1_000 });
  const checked = validate(route, sent, parametersIn(searchParams), ports.settings);
  const { seed, now } = call.pins ?? { seed: randomBytes(8).toString('hex'), now: ports.clock.now() };
  const [only] = call.projects;
  const isKey = call.projects.length === 1;
  let drawn = 0;
  const answer = await route.handle(
    {
      ...checked,
      params,
      credential: (isKey
        ? { kind: 'key', key: call.key ?? AN_API_KEY, project: only, sent: call.sent }
        : { kind: 'person', session: 'a session', name: 'operator', roles: { '*': 'admin' } }) as Credential,
      projects: call.projects,
      project: () => {
        if (isKey) return only!;
        throw new InvalidRequestError([{ pointer: 'project_id', message: 'Name the project.' }]);
      },
      now,
      sentAt: now,
      newId: (prefix, shard) => makeId(prefix, now, createHash('sha256').update(`${seed} ${drawn++}`).digest(), shard),
      event: anEvent(call.method, call.path),
      requestId: 'request-1',
      header: () => call.accept ?? '',
    },
    ports,
  );
  assertDocumented(call.method, call.path, asSent(answer));
  return { ...answer, body: asRead(answer.body) };
}

function asSent({ status, body, location, headers }: RouteAnswer) {
  const sent: Record<string, string | undefined> = { 'content-type': 'application/json', location, ...headers };
  const isText = typeof body === 'string' && headers !== undefined;
  const text = body === undefined ? '' : isText ? (body as string) : toJson(body);
  return { status, text, header: (name: string) => sent[name] };
}

/** What a client makes of it. */
const asRead = (body: unknown) => (typeof body === 'object' ? JSON.parse(toJson(body)) : body);
