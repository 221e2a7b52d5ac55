import { invalid, NotFoundError } from '../../primitives/faults.js';
import { MOST_CALLS, viaOf } from '../../primitives/loops.js';
import { parseTraceparent } from '../../primitives/trace-context.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import { audited } from './audited.js';
import { authenticate, noteUse } from './authenticate.js';
import { callerAddress } from './caller-address.js';
import { answerAllWith, type HttpAnswer, requestIdOf } from './http-stack.js';
import { freshPins, once, type Pinned } from './idempotency.js';
import { bodyBytes, readJsonBody } from './json-body.js';
import { assertPermitted, isOfProject, projectInPath, projectsOf } from './permitted.js';
import { LoopError, problemOf } from './problem.js';
import { createRefusals } from './refusals.js';
import type { ApiEvent, Credential, Person, Route, RouteAnswer, RouteRequest } from './route.js';
import { createRouter, type Match, type Router } from './router.js';
import { takeRequest } from './take-quota.js';
import { type Parameters, parametersIn, validate } from './validate.js';

/**
 * Serves the table of routes: find the row, authenticate, count the request, check the permission, validate, do the work
 * (once under an Idempotency-Key). Errors are thrown; `http-stack.ts` turns them into answers.
 */
export function createApi<Event extends ApiEvent>(
  routes: readonly Route[],
  ports: ApiPorts,
  credentialOf: (event: Event, ports: ApiPorts) => Promise<Credential> = authenticate,
): (event: Event) => Promise<HttpAnswer> {
  const findRoute = createRouter(routes);
  const noteRefusal = createRefusals(ports);
  return async (event) => {
    const match = findRoute(event.requestContext.http.method, event.rawPath);
    const isPublic = match.route.access === 'public';
    const credential: Credential = isPublic ? { kind: 'none' } : await credentialOf(event, ports);
    const audit = { hasEntry: false };
    try {
      if (isOfProject(credential)) answerAllWith(event, await takeRequest(ports, credential.project));
      return httpAnswer(await answer(event, match, credential, audit, findRoute, ports));
    } catch (error) {
      const { status } = problemOf(error);
      if (status < 500 && !isPublic && !audit.hasEntry) await noteRefusal(event, match, credential, status);
      throw error;
    } finally {
      await noteUse(credential, callerAddress(event, ports.settings), ports);
    }
  };
}

async function answer(
  event: ApiEvent,
  match: Match,
  credential: Credential,
  /** `hasEntry`: the request is a change whose audit entry tells how it ended. */
  audit: { hasEntry: boolean },
  findRoute: Router,
  ports: ApiPorts,
): Promise<RouteAnswer> {
  const { route, params } = match;
  const { wanted, parameters } = readQuery(event.rawQueryString, route);
  assertPermitted(credential, route, projectInPath(match) ?? wanted);
  const valid = validate(route, readJsonBody(event, route.maxBodyBytes), parameters, ports.settings);
  const projects = await visibleProjects(credential, wanted, route, ports);
  const isWrite = route.method !== 'GET' && credential.kind !== 'none';
  const via = viaOf(event.headers['tracestate']);
  if (isWrite && via && via.length >= MOST_CALLS) throw new LoopError(via);
  const work = (pinned: Pinned) => {
    const request: RouteRequest = {
      ...valid,
      ...pinned,
      sentAt: event.message?.sentAt ?? pinned.now,
      params,
      credential,
      projects,
      ...(wanted !== undefined && { named: wanted }),
      project: () => projectToCreateIn(projects, credential, wanted),
      event,
      requestId: requestIdOf(event),
      trace: parseTraceparent(event.headers['traceparent']),
      via,
      header: (name) => event.headers[name] ?? '',
    };
    const handle = () => route.handle(request, ports);
    audit.hasEntry = isWrite && !route.isUnaudited;
    return audit.hasEntry ? audited({ event, match, request }, findRoute, ports, handle) : handle();
  };
  if (!isWrite) return work(freshPins(ports.clock.now()));
  const write = {
    scope: isOfProject(credential) ? credential.project.id : `person:${(credential as Person).name}`,
    method: route.method,
    path: event.rawPath,
    query: event.rawQueryString,
    body: bodyBytes(event),
    key: event.headers['idempotency-key'],
    gone: route.gone ?? { status: 204 },
    message: event.message,
  };
  return once(write, ports, work);
}

/** `wanted` is the `project_id` of the query, which every route within a project takes. */
function readQuery(raw: string, { access }: Route): { wanted: string | undefined; parameters: Parameters } {
  const { project_id, ...others } = parametersIn(new URLSearchParams(raw));
  if (!isWithinProject(access) && project_id !== undefined)
    return { wanted: undefined, parameters: { project_id, ...others } };
  return { wanted: project_id, parameters: others };
}

const isWithinProject = (access: Route['access']): boolean => access === 'project' || access === 'key';

async function visibleProjects(
  credential: Credential,
  wanted: string | undefined,
  { access, needs, method }: Route,
  ports: Pick<ApiPorts, 'configStore'>,
): Promise<readonly Project[]> {
  if (credential.kind === 'none' || needs === 'nothing' || !isWithinProject(access)) return [];
  if (credential.kind === 'person' && wanted === undefined)
    return projectsOf(credential, needs, ports, undefined, Infinity);
  // A write may use the key's cached project: any known shard will do. A list must read every shard that exists.
  const isKnown = isOfProject(credential) && method !== 'GET';
  const id = isOfProject(credential) ? credential.project.id : wanted!;
  const project = isKnown ? credential.project : await ports.configStore.liveProject(id);
  if (project === undefined || (wanted !== undefined && wanted !== project.id))
    throw new NotFoundError('There is no such project.');
  return [project];
}

function projectToCreateIn(projects: readonly Project[], credential: Credential, wanted: string | undefined): Project {
  const [project] = projects;
  if (project !== undefined && (isOfProject(credential) || wanted !== undefined)) return project;
  throw invalid('project_id', 'A person must name the project: ?project_id=proj_….');
}

function httpAnswer({ status, body, location, headers = {}, cookies }: RouteAnswer): HttpAnswer {
  const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status,
    body,
    cookies,
    headers: { ...Object.fromEntries(lowerCased), ...(location !== undefined && { location }) },
  };
}
