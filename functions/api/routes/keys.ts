import { randomBytes } from 'node:crypto';
import { createKeyring, decrypt, encrypt } from '../../primitives/encryption.js';
import { NotFoundError } from '../../primitives/faults.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import type { ApiKey } from '../../subjects/projects/project.js';
import type { RevokedApiKey, ShownApiKey } from '../../subjects/projects/project-answers.js';
import { newKeySchema } from '../../subjects/projects/project-schema.js';
import { hashOfKey } from '../http/authenticate.js';
import { listPage, pageOnly } from '../http/pages.js';
import { route } from '../http/route.js';
import { findProject } from './projects.js';

const PATH = '/v1/projects/{id}/keys';
/** Most schedules that the answer names as signing with a revoked key. */
const MAX_NAMED = 1_000;

export const routes = [
  route({
    method: 'POST',
    path: PATH,
    access: 'person',
    needs: 'administer',
    summary: 'Makes an API key for a project. Key and signing secret are shown this once.',
    body: newKeySchema,
    async handle({ body, params, newId, now }, ports) {
      const project = await findProject(ports, params['id']!);
      const keyring = createKeyring(await ports.secrets.master());
      const id = newId('ak');
      const key = `sk_${randomBytes(32).toString('hex')}`;
      const signing_secret = encrypt(keyring, randomBytes(32).toString('hex'), id);
      const made = {
        id,
        project_id: project.id,
        label: body.label,
        last_four: key.slice(-4),
        signing_secret,
        created_at: now,
      };
      const stands = await ports.configStore.createKey(made, hashOfKey(key));
      return {
        status: 201,
        location: `/v1/projects/${project.id}/keys`, // only the project's list shows a key
        body: { ...presentKey(stands), key, signing_secret: decrypt(keyring, stands.signing_secret, id) },
      };
    },
  }),

  route({
    method: 'GET',
    path: PATH,
    access: 'person',
    needs: 'administer',
    summary: "Lists a project's API keys that are not revoked, newest first.",
    query: pageOnly,
    async handle({ params, query }, ports) {
      const { id } = await findProject(ports, params['id']!);
      const page = await listPage(query, (before, limit) => ports.configStore.keys(id, before, limit));
      return { status: 200, body: { ...page, data: page.data.map(presentKey) } };
    },
  }),

  route({
    method: 'DELETE',
    path: `${PATH}/{key_id}`,
    access: 'person',
    needs: 'administer',
    summary: 'Revokes an API key, from the next request on.',
    description:
      'Schedules whose calls the key signs are signed with it until they are given another key. The answer names them.',
    async handle({ params, now }, ports) {
      const { id: project_id } = await findProject(ports, params['id']!);
      const id = params['key_id']!;
      // Revoke first, then search: a leaked key must not work any longer.
      const revoked = await ports.configStore.revokeKey(project_id, id, now);
      if (!revoked) throw new NotFoundError('There is no such key in this project.');
      const signing_schedules = await ports.schedules.naming(project_id, { field: 'signing_key_id', id }, MAX_NAMED);
      if (signing_schedules.length === 0) return { status: 204 };
      return { status: 200, body: { id, project_id, signing_schedules } satisfies RevokedApiKey };
    },
  }),
];

function presentKey({ id, project_id, label, last_four, created_at, last_used_at }: ApiKey): ShownApiKey {
  return {
    id,
    project_id,
    label,
    last_four,
    created_at: isoTime(created_at),
    last_used_at: timeOrNull(last_used_at),
  };
}
