import { randomBytes } from 'node:crypto';
import { InvalidRequestError, NotFoundError } from '../../primitives/faults.js';
import { isoTime, timeOrNull } from '../../primitives/moments.js';
import { SCOPES } from '../../subjects/projects/permissions.js';
import type { ApiKey } from '../../subjects/projects/project.js';
import type { RevokedApiKey, ShownApiKey } from '../../subjects/projects/project-answers.js';
import { newKeySchema } from '../../subjects/projects/project-schema.js';
import { listAnswer, pageOnly } from '../http/pages.js';
import { route } from '../http/route.js';
import { hashOf } from '../http/session.js';
import { findProject } from './projects.js';

const PATH = '/v1/projects/{id}/keys';
/** Most schedules that the answer names as signing with a revoked key. */
const MAX_NAMED = 1_000;
const IN_THE_PAST = { pointer: '/expires_at', message: 'Must be in the future.' };

export const routes = [
  route(`POST ${PATH}`, {
    access: 'person',
    needs: 'administer',
    summary: 'Makes an API key for a project. Key and signing secret are shown this once.',
    description:
      'To replace a key, make another one, put it where the old one is, and revoke the old one once it is not used any more.',
    body: newKeySchema,
    async handle({ body, params, newId, now }, ports) {
      const { label, scopes = SCOPES, expires_at } = body;
      if (expires_at !== undefined && expires_at <= now) throw new InvalidRequestError([IN_THE_PAST]);
      const project = await findProject(ports, params['id']!);
      const id = newId('ak');
      const key = `sk_${randomBytes(32).toString('hex')}`;
      const signing_secret = await ports.secrets.encrypt(randomBytes(32).toString('hex'), id);
      const made = {
        id,
        project_id: project.id,
        label,
        scopes: SCOPES.filter((scope) => scopes.includes(scope)),
        ...(expires_at !== undefined && { expires_at }),
        last_four: key.slice(-4),
        signing_secret,
        created_at: now,
      };
      const stands = await ports.configStore.createKey(made, hashOf(key));
      return {
        status: 201,
        location: `/v1/projects/${project.id}/keys`, // only the project's list shows a key
        body: { ...presentKey(stands), key, signing_secret: await ports.secrets.decrypt(stands.signing_secret, id) },
      };
    },
  }),

  route(`GET ${PATH}`, {
    access: 'person',
    needs: 'administer',
    summary: "Lists a project's API keys that are not revoked, the expired ones too.",
    query: pageOnly,
    async handle({ params, query }, ports) {
      const { id } = await findProject(ports, params['id']!);
      return listAnswer(query, presentKey, (before, limit) => ports.configStore.keys(id, before, limit));
    },
  }),

  route(`DELETE ${PATH}/{key_id}`, {
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

export function presentKey({ id, project_id, label, last_four, scopes, ...key }: ApiKey): ShownApiKey {
  return {
    id,
    project_id,
    label,
    last_four,
    scopes: [...(scopes ?? SCOPES)],
    created_at: isoTime(key.created_at),
    expires_at: timeOrNull(key.expires_at),
    last_used_at: timeOrNull(key.last_used_at),
    last_used_from: key.last_used_from ?? null,
  };
}
