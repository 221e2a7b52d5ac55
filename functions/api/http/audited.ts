import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { makeId } from '../../primitives/ids.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { type ChangeEntry, type Origin, withoutSecrets } from '../../subjects/audit/audit-entry.js';
import { presentSession } from '../../subjects/sessions/present-session.js';
import type { Session } from '../../subjects/sessions/session.js';
import { callerAddress } from './caller-address.js';
import { requestIdOf } from './http-stack.js';
import { projectInPath } from './permitted.js';
import { problemOf } from './problem.js';
import type { Credential, Person, RouteAnswer, RouteRequest } from './route.js';
import type { Match, Router } from './router.js';

/** Characters that are kept of the User-Agent header. */
const MAX_USER_AGENT = 500;

export interface Change {
  readonly event: APIGatewayProxyEventV2;
  readonly match: Match;
  readonly request: RouteRequest;
}

/**
 * Makes a change with its audit entries: one before the work, one with its result, so that no crash loses the record of
 * a change. An error on our side leaves no result: the change may have been made.
 */
export async function audited(
  change: Change,
  findRoute: Router,
  ports: ApiPorts,
  work: () => Promise<RouteAnswer>,
): Promise<RouteAnswer> {
  const entry = await entryOf(change, findRoute, ports);
  await ports.auditTrail.put(entry);
  try {
    const answer = await work();
    await ports.auditTrail.putResult({ ...entry, status: answer.status, after: withoutSecrets(answer.body ?? null) });
    return answer;
  } catch (error) {
    const { status } = problemOf(error);
    // Without this result, too, the entry says that the change was not confirmed.
    if (status < 500) await ports.auditTrail.putResult({ ...entry, status }).catch(() => {});
    throw error;
  }
}

async function entryOf({ event, match, request }: Change, findRoute: Router, ports: ApiPorts): Promise<ChangeEntry> {
  const before = await shownBefore(event, request, findRoute, ports);
  return {
    ...newEntry(ports),
    project_id: projectOf(match, request, before),
    ...originOf(event, actorOf(request.credential), ports),
    action: actionOf(match),
    status: null,
    before: withoutSecrets(before),
    after: null,
  };
}

/** The entry of a sign-in, or, without a session, of an address that is refused from now on. */
export function signInEntry(
  event: APIGatewayProxyEventV2,
  ports: Pick<ApiPorts, 'clock' | 'settings'>,
  session?: Session,
): ChangeEntry {
  return {
    ...newEntry(ports),
    project_id: null,
    ...originOf(
      event,
      session ? { type: 'person', name: session.name, session: session.id } : { type: 'unknown' },
      ports,
    ),
    action: `${event.requestContext.http.method} ${event.rawPath}`,
    status: session ? 200 : 429,
    before: null,
    after: session ? presentSession(session) : null,
  };
}

function newEntry({ clock }: Pick<ApiPorts, 'clock'>) {
  const at = clock.now();
  return { type: 'change', id: makeId('aud', at, randomBytes(8)), at } as const;
}

export function originOf(
  event: APIGatewayProxyEventV2,
  actor: Origin['actor'],
  { settings }: Pick<ApiPorts, 'settings'>,
): Omit<Origin, 'action'> {
  return {
    actor,
    source_ip: callerAddress(event, settings),
    user_agent: event.requestContext.http.userAgent.slice(0, MAX_USER_AGENT),
    request_id: requestIdOf(event),
    path: event.rawPath,
  };
}

/** Method and path of the API's row. */
export function actionOf({ route }: Match): string {
  return `${route.method} ${route.path}`;
}

/** The object as its GET route shows it: at the same path, or, for an action (POST), at the path above. */
async function shownBefore(
  event: APIGatewayProxyEventV2,
  request: RouteRequest,
  findRoute: Router,
  ports: ApiPorts,
): Promise<unknown> {
  const path =
    event.requestContext.http.method === 'POST'
      ? event.rawPath.slice(0, event.rawPath.lastIndexOf('/'))
      : event.rawPath;
  try {
    const { route, params } = findRoute('GET', path);
    if (Object.keys(params).length === 0) return null;
    return (await route.handle({ ...request, params, query: {}, body: {} }, ports)).body;
  } catch (error) {
    if (problemOf(error).status < 500) return null; // the change will be refused, or creates the object
    throw error;
  }
}

function projectOf(match: Match, { projects }: RouteRequest, before: unknown): string | null {
  if (projects.length === 1) return projects[0]!.id;
  return projectInPath(match) ?? (before as { project_id?: string } | null)?.project_id ?? null;
}

export function actorOf(credential: Credential): Origin['actor'] {
  if (credential.kind === 'key') return { type: 'key', id: credential.key.id, label: credential.key.label };
  if (credential.kind === 'account') return { type: 'account', name: credential.name };
  const { name, session } = credential as Person; // a public route is not audited
  return { type: 'person', name, session };
}
