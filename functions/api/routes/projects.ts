import { rotationSchema } from '../../fields/secret-schema.js';
import { ConflictError, NotFoundError } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import { isoTime } from '../../primitives/moments.js';
import { retired } from '../../primitives/signing-secrets.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import type { ShownProject } from '../../subjects/projects/project-answers.js';
import { newProjectSchema, projectPatchSchema } from '../../subjects/projects/project-schema.js';
import { listPage, pageOnly } from '../http/pages.js';
import { projectsOf } from '../http/permitted.js';
import { type Person, route } from '../http/route.js';
import { freshSecret } from '../requests/fresh-secret.js';

const PATH = '/v1/projects';
/** Number of keys that are revoked at the same time. */
const AT_ONCE = 10;

export const routes = [
  route({
    method: 'POST',
    path: PATH,
    access: 'person',
    needs: 'administer',
    summary: 'Creates a project.',
    description: 'Its signing secret, which signs what goes to inline targets, is shown this once.',
    body: newProjectSchema,
    async handle({ body, newId, now }, { configStore, secrets }) {
      const id = newId('proj');
      const { encrypted: signing_secret } = await freshSecret({ secrets }, id);
      const project = { id, ...body, shards: 1, signing_secret, created_at: now, updated_at: now };
      const stands = await configStore.createProject(project);
      const shown = { ...presentProject(stands), signing_secret: await secrets.decrypt(stands.signing_secret, id) };
      return { status: 201, location: `${PATH}/${id}`, body: shown };
    },
  }),

  route({
    method: 'GET',
    path: PATH,
    access: 'person',
    needs: 'read',
    summary: 'Lists the projects in which the session may read, newest first.',
    query: pageOnly,
    async handle({ query, credential }, ports) {
      const person = credential as Person;
      const page = await listPage(query, (before, limit) => projectsOf(person, 'read', ports, before, limit));
      return { status: 200, body: { ...page, data: page.data.map(presentProject) } };
    },
  }),

  route({
    method: 'GET',
    path: `${PATH}/{id}`,
    access: 'person',
    needs: 'read',
    summary: 'Shows a project.',
    handle: async ({ params }, ports) => ({
      status: 200,
      body: presentProject(await findProject(ports, params['id']!)),
    }),
  }),

  route({
    method: 'PATCH',
    path: `${PATH}/{id}`,
    access: 'person',
    needs: 'administer',
    summary: 'Changes a project (merge patch).',
    description:
      '`shards` is the number of partitions that its task runs are spread over. What is there already stays where it ' +
      'is, so the number never goes down.',
    body: projectPatchSchema,
    async handle({ body, params, now }, ports) {
      const { id, shards: had } = await findProject(ports, params['id']!);
      const { name, environment, shards = had } = body;
      if (shards < had) throw new ConflictError(`The project has ${had} shards, and they only ever become more.`);
      const changed = await ports.configStore.changeProject(id, (current) => ({
        ...current,
        name: name ?? current.name,
        environment: environment ?? current.environment,
        shards: Math.max(shards, current.shards),
        updated_at: now,
      }));
      if (changed === undefined) throw noProject();
      return { status: 200, body: presentProject(changed) };
    },
  }),

  route({
    method: 'POST',
    path: `${PATH}/{id}/rotate-secret`,
    access: 'person',
    needs: 'administer',
    summary: 'Replaces the signing secret by one that is given or made.',
    description: 'The answer shows the new secret, this once. During the grace both sign.',
    body: rotationSchema,
    async handle({ body, params, now }, { configStore, secrets }) {
      const { id } = await findProject({ configStore }, params['id']!);
      const { secret, encrypted } = await freshSecret({ secrets }, id, body.signing_secret);
      const graceUntil = now + body.grace_seconds * 1000;
      const changed = await configStore.changeProject(id, (current) => ({
        ...current,
        signing_secret: encrypted,
        retiring_secrets: retired([current.signing_secret], current.retiring_secrets ?? [], graceUntil, now),
        updated_at: now,
      }));
      if (changed === undefined) throw noProject();
      return { status: 200, body: { ...presentProject(changed), signing_secret: secret } };
    },
  }),

  route({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    access: 'person',
    needs: 'administer',
    summary: 'Deletes a project without endpoints and schedules.',
    description:
      'Its keys stop working at once, and it is not shown any more. Task runs to inline targets that are still ' +
      'waiting are delivered all the same, since they were accepted.',
    async handle({ params, now }, ports) {
      const { id } = await findProject(ports, params['id']!);
      const [endpoint] = await ports.configStore.endpoints(id, undefined, 1);
      if (endpoint)
        throw new ConflictError(`The project still has endpoints, such as ${endpoint.id}; delete them first.`);
      // Schedules of a deleted project would keep firing, and no request could stop them.
      const [schedule] = await ports.schedules.schedules(id, undefined, 1);
      if (schedule)
        throw new ConflictError(`The project still has schedules, such as ${schedule.id}; delete them first.`);
      await ports.configStore.changeProject(id, (current) => ({ ...current, deleted_at: now }));
      // Every request reads its key, but may use a cached project: the deletion must revoke the keys.
      const keys = await ports.configStore.keys(id, undefined, Infinity);
      await mapBounded(keys, AT_ONCE, (key) => ports.configStore.revokeKey(id, key.id, now));
      return { status: 204 };
    },
  }),
];

/** @throws NotFoundError */
export async function findProject({ configStore }: Pick<ApiPorts, 'configStore'>, id: string): Promise<Project> {
  const project = await configStore.liveProject(id);
  if (project === undefined) throw noProject();
  return project;
}

function noProject(): NotFoundError {
  return new NotFoundError('There is no such project.');
}

function presentProject({ id, name, environment, shards, created_at, updated_at }: Project): ShownProject {
  return { id, name, environment, shards, created_at: isoTime(created_at), updated_at: isoTime(updated_at) };
}
