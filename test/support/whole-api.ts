import { routes } from '../../functions/api/routes/routes.js';
import { createSearchIndex } from '../../functions/storage/search-index.js';
import { OPERATOR_KEY, startApi } from './api-under-test.js';
import { startPipelineWorld } from './pipeline-world.js';

/** A project with a key. */
export interface Tenant {
  readonly project: string;
  readonly key_id: string;
  readonly key: { readonly 'x-api-key': string };
}

/** Every row of the API behind its frame, over real stores, with an operator who makes tenants. */
export async function startWholeApi() {
  const world = await startPipelineWorld();
  world.time.now = Date.now();
  // Their own configuration, and secrets, are the frame's.
  const {
    config: _config,
    configStore: _store,
    secrets: _secrets,
    idempotency: _once,
    settings: _settings,
    ...others
  } = world.ports;
  const { seenSignatures: _seen, auditTrail: _trail, clock: _clock, ...rest } = others;
  const { sessions: _sessions, failedSignIns: _failures, metrics: _metrics, ...stores } = rest;
  const api = await startApi(routes, stores);
  const own = createSearchIndex(api.documents, { config: 'config', runs: 'runs', deadLetters: 'letters' });
  const { ids, named } = stores.searchIndex;
  // The frame has endpoints and retry policies, the world all else.
  stores.searchIndex.ids = (project, prefix, ...asked) =>
    (prefix === 'ep' || prefix === 'rp' ? own.ids : ids)(project, prefix, ...asked);
  stores.searchIndex.named = async (...asked) => [...(await own.named(...asked)), ...(await named(...asked))];
  const session = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  const operator = { authorization: `Bearer ${session.body.token}` };

  async function newTenant(): Promise<Tenant> {
    const headers = operator;
    const project = (await api.call('POST', '/v1/projects', { headers, body: { name: 'tenant' } })).body.id;
    const made = await api.call('POST', `/v1/projects/${project}/keys`, { headers, body: { label: 'tenant' } });
    return { project, key_id: made.body.id, key: { 'x-api-key': made.body.key } };
  }

  async function close(): Promise<void> {
    await api.close();
    await world.close();
  }
  return { ...api, world, operator, newTenant, close };
}

export type WholeApi = Awaited<ReturnType<typeof startWholeApi>>;
