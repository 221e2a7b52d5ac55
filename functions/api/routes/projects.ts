import { rotationSchema } from '../../fields/secret-schema.js';
import { ConflictError, NotFoundError } from '../../primitives/faults.js';
import { retired } from '../../primitives/signing-secrets.js';
import { stopProject } from '../../protocol/projects/remove-project.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { presentProject } from '../../subjects/projects/present-project.js';
import type { Project } from '../../subjects/projects/project.js';
import {
  deletionQuery,
  newProjectSchema,
  patchedQuotas,
  projectPatchSchema,
} from '../../subjects/projects/project-schema.js';
import { listAnswer, pageOnly } from '../http/pages.js';
import { assertPermitted, projectsOf } from '../http/permitted.js';
import { type Person, route } from '../http/route.js';
import { freshSecret } from '../requests/fresh-secret.js';

const PATH = '/v1/projects';

export const routes = [
  route(`POST ${PATH}`, {
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

  route(`GET ${PATH}`, {
    access: 'person',
    needs: 'read',
    summary: 'Lists the projects in which the session may read, newest first.',
    query: pageOnly,
    handle: ({ query, credential }, ports) =>
      listAnswer(query, presentProject, (before, limit) =>
        projectsOf(credential as Person, 'read', ports, before, limit),
      ),
  }),

  route(`GET ${PATH}/{id}`, {
    access: 'person',
    needs: 'read',
    summary: 'Shows a project, also a deleted one and how far its data is removed.',
    handle: async ({ params }, ports) => ({
      status: 200,
      body: presentProject(await findEvenDeleted(ports, params['id']!)),
    }),
  }),

  route(`PATCH ${PATH}/{id}`, {
    access: 'person',
    needs: 'administer',
    summary: 'Changes a project (merge patch).',
    description:
      '`shards` is the number of partitions that its task runs are spread over. What is there already stays where it ' +
      'is, so the number never goes down. Other `quotas` hold everywhere within ten minutes. These two and `allowed_targets` ' +
      'need an admin of all projects.',
    body: projectPatchSchema,
    async handle({ body, credential, params, now }, ports) {
      const { id, shards: had } = await findProject(ports, params['id']!);
      const { name, environment, shards = had, quotas, payload_days, allowed_targets } = body;
      // What a project takes from the others, or reaches, is not decided by the admin of that project.
      if (quotas !== undefined || allowed_targets !== undefined || shards > had)
        assertPermitted(credential, { access: 'person', needs: 'administer' }, undefined);
      if (shards < had) throw new ConflictError(`The project has ${had} shards, and they only ever become more.`);
      const changed = await ports.configStore.changeProject(
        id,
        ({ payload_days: days, allowed_targets: targets, ...current }) => ({
          ...current,
          ...withDays(payload_days === undefined ? days : payload_days),
          ...withTargets(allowed_targets === undefined ? targets : allowed_targets),
          name: name ?? current.name,
          environment: environment ?? current.environment,
          shards: Math.max(shards, current.shards),
          quotas: patchedQuotas(current.quotas, quotas),
          updated_at: now,
        }),
      );
      if (changed === undefined) throw noProject();
      return { status: 200, body: presentProject(changed) };
    },
  }),

  route(`POST ${PATH}/{id}/rotate-secret`, {
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

  route(`DELETE ${PATH}/{id}`, {
    access: 'person',
    needs: 'administer',
    summary: 'Deletes a project and all of its data.',
    description:
      'Unless the project is empty, `confirm` must be its id or its name. Its keys stop working at once, and no further ' +
      'call begins. Its data is removed in the background; GET shows the progress under `deletion`. Once that has ' +
      '`finished_at`, no data is left but the audit, this row and the answers to requests with an Idempotency-Key, ' +
      'which expire after 24 hours. This cannot be undone.',
    query: deletionQuery,
    async handle({ params, query, now }, ports) {
      const project = await findEvenDeleted(ports, params['id']!);
      if (project.deleted_at === undefined) await assertConfirmed(ports, project, query.confirm);
      const deleted = await ports.configStore.changeProject(project.id, (current) =>
        current.deleted_at === undefined ? { ...current, deleted_at: now } : current,
      );
      // A repeat, and the reconciler, do what a process that died here has left.
      await stopProject({ config: ports.configStore }, project.id, deleted?.deleted_at ?? now);
      return { status: 202, location: `${PATH}/${project.id}`, body: presentProject(deleted ?? project) };
    },
  }),
];

const withTargets = (allowed_targets: readonly string[] | null | undefined) =>
  allowed_targets ? { allowed_targets } : {};
const withDays = (payload_days: number | null | undefined) => (payload_days ? { payload_days } : {});

/** @throws NotFoundError */
export async function findProject({ configStore }: Pick<ApiPorts, 'configStore'>, id: string): Promise<Project> {
  const project = await configStore.liveProject(id);
  if (project === undefined) throw noProject();
  return project;
}

async function findEvenDeleted({ configStore }: Pick<ApiPorts, 'configStore'>, id: string): Promise<Project> {
  const project = await configStore.project(id);
  if (project === undefined) throw noProject();
  return project;
}

/** @throws ConflictError if the project is not empty, and the request does not name it again */
async function assertConfirmed(ports: ApiPorts, project: Project, confirm: string | undefined): Promise<void> {
  if (confirm === project.id || confirm === project.name) return;
  if (confirm !== undefined) throw new ConflictError("`confirm` is neither the project's id nor its name.");
  const [endpoints, schedules, runs, letters] = await Promise.all([
    ports.configStore.endpoints(project.id, undefined, 1),
    ports.schedules.schedules(project.id, undefined, 1),
    ports.runLists.runs([project], {}, undefined, 1),
    ports.deadLetterLists.list([project], {}, undefined, 1),
  ]);
  const [found] = [...endpoints, ...schedules, ...runs.rows, ...letters.rows];
  if (found === undefined) return;
  throw new ConflictError(
    `The project is not empty (it has ${found.id}). To delete it with all of its data, add ?confirm=${project.id}.`,
  );
}

function noProject(): NotFoundError {
  return new NotFoundError('There is no such project.');
}
