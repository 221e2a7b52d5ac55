import * as z from 'zod/mini';
import { defined } from '../../primitives/defined.js';
import { invalid, NotFoundError } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { ALL_PROJECTS, type Role, SCOPES } from '../../subjects/projects/permissions.js';
import { presentSession } from '../../subjects/sessions/present-session.js';
import type { Session } from '../../subjects/sessions/session.js';
import { assertNotExpired } from '../http/authenticate.js';
import { dropCookie, setCookie } from '../http/cookies.js';
import { listAnswer, MAX_PAGE_SIZE, pageOnly } from '../http/pages.js';
import { may, permissionsIn } from '../http/permitted.js';
import { ForbiddenError, UnauthenticatedError } from '../http/problem.js';
import { type Person, type RouteRequest, route } from '../http/route.js';
import { equalSecrets, findByToken, hashOf, type SignedIn } from '../http/session.js';
import { signIn } from '../requests/sign-in.js';

const PATH = '/v1/sessions';
const AT_ONCE = 10;
const key = z.optional(z.string().check(z.maxLength(1000)));

export const routes = [
  route(`POST ${PATH}`, {
    access: 'public',
    needs: 'nothing',
    summary: 'Signs in by the operator key, a project key or a portal link.',
    description:
      'A session ends after twelve hours, unless the stage has another setting (`sessionHours`). ' +
      'Send the token as Authorization: Bearer; a browser asks for a cookie instead. After ten failures in a quarter of an ' +
      'hour an address is refused until the quarter ends; after one failure, while very many addresses fail.',
    maxBodyBytes: 2 * 1024,
    body: z.strictObject({ operator_key: key, api_key: key, portal_token: key, cookie: z.optional(z.boolean()) }),
    async handle(request, ports) {
      const { cookie = false, ...given } = request.body;
      const { session, token } = await signIn(request, ports, checkOf(given, ports));
      return {
        // Not 201: clients of older releases, whose sessions were not stored, expect 200.
        status: 200,
        body: { ...presentSession(session), ...(!cookie && { token }) },
        ...(cookie && { cookies: [setCookie('session', token, ports.settings.sessionMs / 1000, ports.settings)] }),
      };
    },
  }),

  route(`GET ${PATH}`, {
    access: 'person',
    needs: 'nothing',
    summary: "Lists one's own sessions, newest first.",
    description: 'For an admin of all projects those of all persons.',
    query: pageOnly,
    async handle(request, ports) {
      const mine = await ownSession(request, ports);
      const isShown = (session: Session) => isAdminOfAll(request) || isOfSamePerson(session, mine);
      return listAnswer(request.query, presentSession, (before, limit) => ports.sessions.list(before, limit, isShown));
    },
  }),

  route(`DELETE ${PATH}`, {
    access: 'person',
    needs: 'nothing',
    summary: "Ends all of one's own sessions, or all sessions of a subject.",
    description:
      'Each session names its `subject`. For an admin of all projects any; the project of portal links, their sessions and ' +
      'the links. A sign-in at the same time is not ended.',
    query: z.strictObject({ subject: z.optional(z.string().check(z.maxLength(1000))) }),
    async handle(request, ports) {
      const mine = await ownSession(request, ports);
      const { subject } = request.query;
      const isMeant = (session: Session) =>
        subject === undefined
          ? isOfSamePerson(session, mine)
          : session.subject === subject && (isAdminOfAll(request) || isOfSamePerson(session, mine));
      const found = await sessionsOf(isMeant, ports);
      if (found.length === 0) throw new NotFoundError('There is no session of this subject.');
      // One's own at last: then a repeat of an interrupted request is still signed in.
      const others = found.filter(({ id }) => id !== mine.id);
      await mapBounded(others, AT_ONCE, ({ id }) => ports.sessions.end(id));
      if (!isMeant(mine)) return { status: 204 };
      await ports.sessions.end(mine.id);
      return { status: 204, cookies: [dropCookie('session', ports.settings)] };
    },
  }),

  route(`GET ${PATH}/{id}`, {
    access: 'person',
    needs: 'nothing',
    summary: 'Shows a session; the id "current" is that of the request.',
    handle: async (request, ports) => ({ status: 200, body: presentSession(await findSession(request, ports)) }),
  }),

  route(`DELETE ${PATH}/{id}`, {
    access: 'person',
    needs: 'nothing',
    summary: 'Ends a session, from the next request on; "current" signs out.',
    async handle(request, ports) {
      const { id } = await findSession(request, ports);
      await ports.sessions.end(id);
      const isOwn = id === (request.credential as Person).session;
      return { status: 204, ...(isOwn && { cookies: [dropCookie('session', ports.settings)] }) };
    },
  }),
];

/** @throws InvalidRequestError unless exactly one credential is given */
function checkOf(
  given: Readonly<Partial<Record<'operator_key' | 'api_key' | 'portal_token', string | undefined>>>,
  ports: ApiPorts,
): () => Promise<SignedIn> {
  const { operator_key, api_key, portal_token } = given;
  const checks = [
    operator_key !== undefined && (() => byOperatorKey(operator_key, ports)),
    api_key !== undefined && (() => byApiKey(api_key, ports)),
    portal_token !== undefined && (() => byPortalLink(portal_token, ports)),
  ].filter((check) => check !== false);
  if (checks.length === 1) return checks[0]!;
  throw invalid('', 'Give one of operator_key, api_key and portal_token.');
}

async function byOperatorKey(given: string, { secrets }: Pick<ApiPorts, 'secrets'>): Promise<SignedIn> {
  const isIt = (key: string) => equalSecrets(given, key);
  if (!isIt(await secrets.operatorKey(isIt))) throw new UnauthenticatedError('This is not the operator key.');
  const name = 'operator';
  return {
    signed_in_by: 'operator_key',
    subject: name,
    name,
    roles: { [ALL_PROJECTS]: 'admin' },
    key_fingerprint: hashOf(given),
  };
}

async function byApiKey(
  given: string,
  { clock, configStore }: Pick<ApiPorts, 'clock' | 'configStore'>,
): Promise<SignedIn> {
  const found = await configStore.keyByHash(hashOf(given));
  if (found === undefined) throw new UnauthenticatedError('This API key does not exist, or was revoked.');
  assertNotExpired(found.key, clock.now());
  const allowed = permissionsIn({ kind: 'key', ...found }, found.project.id);
  const role: Role = allowed.includes('publish') && allowed.includes('manage') ? 'member' : 'viewer';
  if (!allowed.includes('read'))
    throw new ForbiddenError('This API key may not read, which every page of the console does.');
  const { id, label, expires_at } = found.key;
  return {
    signed_in_by: 'api_key',
    subject: id,
    name: `${label} (${id})`,
    roles: { [found.project.id]: role },
    scopes: SCOPES.filter((scope) => allowed.includes(scope)),
    ...(expires_at !== undefined && { expires_at }),
  };
}

/** Of two exchanges of one link at the same time, one removes it. */
async function byPortalLink(given: string, { sessions }: Pick<ApiPorts, 'sessions'>): Promise<SignedIn> {
  const link = await findByToken(given, { sessions });
  if (link?.signed_in_by !== 'portal_link' || !(await sessions.end(link.id)))
    throw new UnauthenticatedError('This link has been used, or has expired: ask for another one.');
  const { name, roles, scopes, subject, key_fingerprint, issuer, link_to = 'portal', linked_until } = link;
  return {
    ...{ signed_in_by: link_to, subject, name, roles },
    ...defined({ scopes, key_fingerprint, issuer, expires_at: linked_until }),
  };
}

type Asked = Pick<RouteRequest, 'credential' | 'params'>;

const isAdminOfAll = ({ credential }: Pick<Asked, 'credential'>) => may(credential, 'administer', ALL_PROJECTS);

/** Of a link that a person made, the person's own. */
const methodOf = ({ signed_in_by, link_to = signed_in_by }: Session) => link_to;

/** Of a portal, all persons of a project have one subject, and their links tell them apart. */
const isOfSamePerson = (one: Session, other: Session): boolean =>
  methodOf(one) === methodOf(other) &&
  one.subject === other.subject &&
  one.issuer === other.issuer &&
  (methodOf(one) !== 'portal' || one.name === other.name);

/** All of them, a page at a time. */
async function sessionsOf(
  isWanted: (session: Session) => boolean,
  { sessions }: Pick<ApiPorts, 'sessions'>,
): Promise<Session[]> {
  const found: Session[] = [];
  for (let page: Session[] | undefined; page?.length !== 0; found.push(...page))
    page = await sessions.list(found.at(-1)?.id, MAX_PAGE_SIZE, isWanted);
  return found;
}

/** @throws UnauthenticatedError if the session has ended since the request came */
export async function ownSession(
  { credential }: Pick<Asked, 'credential'>,
  { sessions }: Pick<ApiPorts, 'sessions'>,
): Promise<Session> {
  const session = await sessions.find((credential as Person).session);
  if (session === undefined) throw new UnauthenticatedError('This session has ended.');
  return session;
}

/** A session of another person does not exist for one who is no admin of all projects. @throws NotFoundError */
async function findSession(request: Asked, ports: Pick<ApiPorts, 'sessions'>): Promise<Session> {
  const own = await ownSession(request, ports);
  const id = request.params['id']!;
  if (id === 'current' || id === own.id) return own;
  const found = await ports.sessions.find(id);
  if (found && (isAdminOfAll(request) || isOfSamePerson(found, own))) return found;
  throw new NotFoundError('There is no such session.');
}
