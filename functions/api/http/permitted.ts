import { NotFoundError } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import {
  ALL_PROJECTS,
  type Permission,
  permissionsOf,
  SCOPES,
  type Scope,
} from '../../subjects/projects/permissions.js';
import type { Project } from '../../subjects/projects/project.js';
import { PARALLEL_PROJECTS } from './pages.js';
import { ForbiddenError } from './problem.js';
import type { Credential, Person, Route } from './route.js';
import type { Match } from './router.js';

/** What the credential may do in a project; `*` asks about all projects together. */
export function permissionsIn(credential: Credential, project: string): readonly Permission[] {
  if (credential.kind === 'none') return [];
  if (isOfProject(credential)) return project === credential.project.id ? scopesOf(credential) : [];
  return permissionsOf(credential, project);
}

type OfProject = Extract<Credential, { readonly project: Project }>;

/** Whether the credential belongs to one project. */
export function isOfProject(credential: Credential): credential is OfProject {
  return credential.kind === 'key' || credential.kind === 'account';
}

function scopesOf(credential: OfProject): readonly Scope[] {
  return credential.kind === 'key' ? (credential.key.scopes ?? SCOPES) : credential.scopes;
}

export function may(credential: Credential, needs: Permission, project: string): boolean {
  return permissionsIn(credential, project).includes(needs);
}

/**
 * Checks that the credential may call the route. `project`: the project that the request names, if it names one.
 * Without a named project, `administer` must hold in all projects, and any other permission in at least one project.
 * @throws ForbiddenError naming what is missing @throws NotFoundError for a project in which the person has no role
 */
export function assertPermitted(
  credential: Credential,
  { access, needs }: Pick<Route, 'access' | 'needs'>,
  project: string | undefined,
): void {
  if (access === 'key' && credential.kind !== 'key')
    throw new ForbiddenError('This takes the key of a project: send X-API-Key.');
  if (access === 'person' && credential.kind !== 'person')
    throw new ForbiddenError(`This needs a person's session${named(needs)}; the key of a project is not enough.`);
  if (needs === 'nothing') return;
  if (credential.kind === 'person') assertRole(credential, needs, project);
  if (isOfProject(credential))
    assertAllowed(needs, scopesOf(credential), credential.kind === 'key' ? 'the key' : credential.name);
}

const named = (needs: Route['needs']): string => (needs === 'nothing' ? '' : ` with the permission "${needs}"`);

function assertRole(person: Person, needs: Permission, project: string | undefined): void {
  if (project !== undefined) {
    const allowed = permissionsIn(person, project);
    if (allowed.length === 0) throw new NotFoundError('There is no such project.');
    assertAllowed(needs, allowed, 'the session in this project');
  } else if (needs === 'administer' && !may(person, needs, ALL_PROJECTS))
    throw new ForbiddenError('This needs the permission "administer" in all projects.');
  else if (!Object.keys(person.roles).some((id) => may(person, needs, id)))
    throw new ForbiddenError(`This needs the permission "${needs}", and the session has it in no project.`);
}

function assertAllowed(needs: Permission, allowed: readonly Permission[], whose: string): void {
  if (allowed.includes(needs)) return;
  const has = allowed.length === 0 ? 'none' : allowed.join(', ');
  throw new ForbiddenError(`This needs the permission "${needs}". Permissions of ${whose}: ${has}.`);
}

/** The project whose administration the route is. */
export function projectInPath({ route, params }: Match): string | undefined {
  return route.path.startsWith('/v1/projects/{id}') ? params['id'] : undefined;
}

/** The live projects in which the person has the permission, newest first, strictly before the id `before`. */
export async function projectsOf(
  person: Person,
  needs: Permission,
  { configStore }: Pick<ApiPorts, 'configStore'>,
  before: string | undefined,
  limit: number,
): Promise<Project[]> {
  if (may(person, needs, ALL_PROJECTS)) return configStore.projects(before, limit);
  const ids = Object.keys(person.roles).filter((id) => may(person, needs, id) && (before === undefined || id < before));
  const found = await mapBounded(ids.sort().reverse(), PARALLEL_PROJECTS, (id) => configStore.liveProject(id));
  return found.flatMap((project) => project ?? []).slice(0, limit);
}
