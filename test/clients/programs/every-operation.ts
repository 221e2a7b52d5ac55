// Calls every operation of the API once, by the types that openapi-typescript made of its document.
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths, webhooks } from './schema.js';

type Schemas = components['schemas'];
const PATIENCE_MS = 20_000;
const { API = '', RECEIVER = '', OPERATOR_KEY = '' } = process.env;

interface Settled<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

async function done<Data>(settled: Promise<Settled<Data>>): Promise<Data> {
  const { data, error, response } = await settled;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
  return data as Data;
}

async function eventually<Row>(what: string, look: () => Promise<readonly Row[] | undefined>): Promise<readonly Row[]> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    const found = await look();
    if (found?.length) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
}

function same(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

const connect = (headers: Record<string, string> = {}): Client<paths> =>
  createClient<paths>({ baseUrl: API, headers: { 'content-type': 'application/json', ...headers } });

/** What a receiver reads is typed as well. */
type JobFailed = NonNullable<webhooks['jobFailed']['post']['requestBody']>['content']['application/json'];
export const codeOf = ({ data }: JobFailed): number | string => data.error_code;

async function main(): Promise<void> {
  const anyone = connect();
  await done(anyone.GET('/v1/healthz'));
  await done(anyone.GET('/llms.txt', { parseAs: 'text' }));
  await done(anyone.GET('/openapi.json'));
  await done(anyone.GET('/docs', { parseAs: 'text' }));
  await done(anyone.GET('/v1/sign-in'));
  const { token } = await done(anyone.POST('/v1/sessions', { body: { operator_key: OPERATOR_KEY } }));

  const operator = connect({ authorization: `Bearer ${token}` });
  const [session] = (await done(operator.GET('/v1/sessions'))).data;
  await done(operator.GET('/v1/sessions/{id}', { params: { path: { id: 'current' } } }));
  const { id } = await done(anyone.POST('/v1/sessions', { body: { operator_key: OPERATOR_KEY } }));
  await done(operator.DELETE('/v1/sessions/{id}', { params: { path: { id } } }));
  same('who has signed in', session?.name, 'operator');
  const project = (await done(operator.POST('/v1/projects', { body: { name: 'typescript' } }))).id;
  const ofProject = { params: { path: { id: project } } };
  await done(operator.GET('/v1/projects'));
  await done(operator.GET('/v1/projects/{id}', ofProject));
  await done(operator.PATCH('/v1/projects/{id}', { ...ofProject, body: { shards: 2 } }));
  await done(operator.POST('/v1/projects/{id}/rotate-secret', ofProject));
  const key = await done(operator.POST('/v1/projects/{id}/keys', { ...ofProject, body: { label: 'typescript' } }));
  const other = await done(operator.POST('/v1/projects/{id}/keys', { ...ofProject, body: { label: 'other' } }));
  await done(operator.GET('/v1/projects/{id}/keys', ofProject));
  const revoked = { params: { path: { id: project, key_id: other.id } } };
  await done(operator.DELETE('/v1/projects/{id}/keys/{key_id}', revoked));

  await done(operator.POST('/v1/sessions/link'));
  await done(operator.GET('/v1/alarms'));
  await done(operator.POST('/v1/projects/{id}/portal', { ...ofProject, body: { name: 'a customer' } }));

  const client = connect({ 'x-api-key': key.key });
  await done(client.GET('/v1/usage'));
  const once = (await done(client.POST('/v1/retry-policies', { body: { name: 'once', max_attempts: 1 } }))).id;
  const patient = (await done(client.POST('/v1/retry-policies', { body: { name: 'patient' } }))).id;
  const ofPolicy = { params: { path: { id: patient } } };
  await done(client.GET('/v1/retry-policies'));
  await done(client.GET('/v1/retry-policies/{id}', ofPolicy));
  const patch: Schemas['RetryPolicyPatch'] = { strategy: 'fixed', base_delay_seconds: 86399.999 };
  const changed = await done(client.PATCH('/v1/retry-policies/{id}', { ...ofPolicy, body: patch }));
  same('a delay', changed.base_delay_seconds, 86399.999);

  const newEndpoint = async (body: Schemas['NewEndpoint']) => (await done(client.POST('/v1/endpoints', { body }))).id;
  const endpoint = await newEndpoint({ name: 'ok', url: `${RECEIVER}/ok` });
  const failing = await newEndpoint({ name: 'failing', url: `${RECEIVER}/fail/500`, retry_policy_id: once });
  const waiting = await newEndpoint({ name: 'waiting', url: `${RECEIVER}/fail/503`, retry_policy_id: patient });
  const ofEndpoint = { params: { path: { id: endpoint } } };
  await done(client.GET('/v1/endpoints'));
  await done(client.GET('/v1/endpoints/{id}', ofEndpoint));
  await done(client.PATCH('/v1/endpoints/{id}', { ...ofEndpoint, body: { method: 'PUT', retry_policy_id: null } }));
  await done(client.POST('/v1/endpoints/{id}/rotate-secret', ofEndpoint));
  const sample = await done(client.POST('/v1/endpoints/{id}/test', ofEndpoint));
  same("the test's attempt", sample.status, 'success');

  const heard = await newEndpoint({ name: 'heard', url: `${RECEIVER}/ok` });
  const listener = await done(client.POST('/v1/listeners', { body: { endpoint_ids: [heard] } }));
  const ofListener = { params: { path: { id: listener.id } } };
  await done(client.GET('/v1/listeners'));
  await done(client.GET('/v1/listeners/{id}', ofListener));
  const heardOf = client.POST('/v1/endpoints/{id}/test', { params: { path: { id: heard } } });
  const { data: asked } = await done(client.GET('/v1/listeners/{id}/requests', ofListener));
  const ofRequest = { params: { path: { id: listener.id, request_id: asked[0]!.id } } };
  const refusal = { error: 'ECONNREFUSED' };
  await done(client.POST('/v1/listeners/{id}/requests/{request_id}/answer', { ...ofRequest, body: refusal }));
  const { listener_id } = (await done(heardOf)) as Schemas['DeliveryAttempt'];
  same('who made the call', listener_id, listener.id);
  await done(client.DELETE('/v1/listeners/{id}', ofListener));

  const later = await done(client.POST('/v1/tasks', { body: { endpoint_id: endpoint, run_at: 1893456001 } }));
  same('run_at in seconds', later.run_at, '2030-01-01T00:00:01.000Z');
  const inline = { target: { url: `${RECEIVER}/ok` }, run_at: '2030-01-01T00:00:01.5+01:00', payload: 'text' };
  await done(client.POST('/v1/tasks', { body: inline }));
  const queue = { type: 'sqs', arn: 'arn:aws:sqs:us-east-1:000000000000:trial' } as const;
  const sent = await done(client.POST('/v1/tasks', { body: { target: queue, payload: { n: 2 } } }));
  same('the kind of the target', sent.target?.type, 'sqs');
  const tasks: Schemas['NewTask'][] = [
    { endpoint_id: failing },
    { endpoint_id: failing },
    { endpoint_id: waiting },
    { endpoint_id: endpoint, payload: { n: 1 } },
    {},
  ];
  const batch = await done(client.POST('/v1/tasks/batch', { body: { tasks } }));
  same(
    'each result',
    batch.data.map(({ task, error }) => task?.status ?? error?.status),
    [...Array(4).fill('pending'), 400],
  );
  const since = { params: { query: { since: 1577836800.5, page_size: 50 } } };
  same('how many tasks there are', (await done(client.GET('/v1/tasks', since))).data.length, 9);
  const ofTask = { params: { path: { id: later.id } } };
  await done(client.GET('/v1/tasks/{id}', ofTask));
  await done(client.POST('/v1/tasks/{id}/cancel', ofTask));
  await done(client.POST('/v1/tasks/{id}/redact', ofTask));
  same('the awaited run', (await done(client.GET('/v1/tasks/{id}/wait', ofTask))).status, 'cancelled');
  const { data: hits } = await done(client.GET('/v1/search', { params: { query: { q: later.id } } }));
  same(
    'what is found',
    hits.map(({ kind, id }) => [kind, id]),
    [['task', later.id]],
  );
  const fed = await done(client.GET('/v1/feed', { params: { query: { task_id: later.id } }, parseAs: 'text' }));
  same('the status that the feed tells', JSON.parse(fed.split('\n')[0]!).data.status, 'cancelled');
  const again = await done(client.POST('/v1/tasks/{id}/resend', { ...ofTask, body: { payload: { n: 2 } } }));
  same('the run that was sent again', again.resent_from, later.id);

  const event = await done(client.POST('/v1/events', { body: { event_name: 'invoice.paid' } }));
  await done(client.POST('/v1/events/batch', { body: { events: [{ event_name: 'invoice.sent' }] } }));
  await done(client.GET('/v1/events'));
  await done(client.GET('/v1/events/{id}', { params: { path: { id: event.id } } }));
  const deliveries = await done(client.GET('/v1/deliveries'));
  if (typeof deliveries === 'string') throw new Error('as CSV, which was not asked for');
  await done(client.GET('/v1/deliveries/{id}', { params: { path: { id: deliveries.data[0]!.id } } }));
  const csv: string = await done(client.GET('/v1/deliveries', { headers: { accept: 'text/csv' }, parseAs: 'text' }));
  same('the first column', csv.slice(0, 3), 'id,');

  const retries = async () => (await done(client.GET('/v1/retry-jobs'))).data;
  const [retry] = await eventually('a retry job', retries);
  const ofRetry = { params: { path: { id: retry!.id } } };
  await done(client.GET('/v1/retry-jobs/{id}', ofRetry));
  await done(client.POST('/v1/retry-jobs/{id}/run', ofRetry));
  await eventually('the retry after it', async () => (await retries()).filter(({ attempt }) => attempt === 3));
  await done(client.DELETE('/v1/retry-jobs/{id}', ofRetry));
  const letters = await eventually('four dead letters', async () => {
    const { data } = await done(client.GET('/v1/dead-letters'));
    return data.length === 4 ? data : undefined;
  });
  const ofLetter = (index: number) => ({ params: { path: { id: letters[index]!.id } } });
  await done(client.GET('/v1/dead-letters/{id}', ofLetter(0)));
  await done(client.POST('/v1/dead-letters/{id}/resolve', { ...ofLetter(0), body: { note: 'by hand' } }));
  await done(client.POST('/v1/dead-letters/{id}/replay', ofLetter(1)));
  const bulk = await done(client.POST('/v1/dead-letters/replay'));
  if (!('id' in bulk)) throw new Error('the replay was only counted');
  const ofBulk = { params: { path: { id: bulk.id } } };
  await done(client.GET('/v1/dead-letters/replays/{id}', ofBulk));
  await done(client.GET('/v1/bulk-jobs/{id}', ofBulk));
  const counted = { ids: [letters[0]!.id], note: 'by hand', dry_run: true };
  same('open ones', await done(client.POST('/v1/dead-letters/resolve', { body: counted })), {
    dry_run: true,
    count: 0,
    is_complete: true,
  });
  await done(client.POST('/v1/tasks/cancel', { body: { labels: { customer: 'none' } } }));
  await done(operator.POST('/v1/dead-letters/replay-all', { body: { reason: 'attempts_exhausted' } }));
  const recovery = { params: { path: { id: failing } }, body: { since: '2026-01-01T00:00:00Z' } };
  await done(client.POST('/v1/endpoints/{id}/recover', recovery));

  const named = { params: { path: { name: 'by hand' } } };
  await done(client.PUT('/v1/retry-policies/by-name/{name}', { ...named, body: { max_attempts: 2 } }));
  await done(client.GET('/v1/retry-policies/by-name/{name}', named));
  await done(client.DELETE('/v1/retry-policies/by-name/{name}', named));
  await done(client.PUT('/v1/endpoints/by-name/{name}', { ...named, body: { url: `${RECEIVER}/ok` } }));
  await done(client.GET('/v1/endpoints/by-name/{name}', named));
  await done(client.DELETE('/v1/endpoints/by-name/{name}', named));
  const daily: Schemas['PutSchedule'] = { cron: '0 4 * * *', endpoint_id: endpoint };
  await done(client.PUT('/v1/schedules/by-name/{name}', { ...named, body: daily }));
  await done(client.GET('/v1/schedules/by-name/{name}', named));
  await done(client.DELETE('/v1/schedules/by-name/{name}', named));

  await done(client.POST('/v1/schedules/preview', { body: { cron: '0 3 * * *' } }));
  const nightly: Schemas['NewSchedule'] = { name: 'nightly', cron: '0 3 * * *', endpoint_id: endpoint };
  const ofSchedule = { params: { path: { id: (await done(client.POST('/v1/schedules', { body: nightly }))).id } } };
  await done(client.GET('/v1/schedules'));
  await done(client.GET('/v1/schedules/{id}', ofSchedule));
  await done(client.PATCH('/v1/schedules/{id}', { ...ofSchedule, body: { status: 'paused', payload: null } }));
  await done(client.POST('/v1/schedules/{id}/run', ofSchedule));
  await done(
    client.POST('/v1/schedules/{id}/backfill', {
      ...ofSchedule,
      body: { from: Date.now() / 1000 - 3_600, dry_run: true },
    }),
  );
  await done(client.GET('/v1/schedules/{id}/runs', ofSchedule));
  await done(client.DELETE('/v1/schedules/{id}', ofSchedule));

  await done(client.GET('/v1/stats'));
  const lines: string = await done(client.GET('/v1/audit', { parseAs: 'text' }));
  const entries: Schemas['AuditEntry'][] = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const entry of entries)
    if (entry.type === 'change' && entry.actor.type === 'key') same('the key', entry.actor.id, key.id);

  const refresh = { name: 'refresh', cronExpression: '*/5 * * * *', targetUrl: `${RECEIVER}/ok` };
  const { data: job } = await done(client.POST('/api/cron-service/jobs', { body: refresh }));
  const ofJob = { params: { path: { id: job.jobId } } };
  await done(client.GET('/api/cron-service/jobs'));
  await done(client.GET('/api/cron-service/jobs/{id}', ofJob));
  await done(client.PATCH('/api/cron-service/jobs/{id}', { ...ofJob, body: { retries: 3 } }));
  await done(client.POST('/api/cron-service/jobs/{id}/run', ofJob));
  await done(client.GET('/api/cron-service/jobs/{id}/executions', ofJob));
  await done(client.DELETE('/api/cron-service/jobs/{id}', ofJob));

  const reminder = { title: 'reminder', webhookUrl: `${RECEIVER}/ok`, fireAt: '2030-06-13T09:30:00Z' };
  const { data: made } = await done(client.POST('/api/v1/jobs', { body: reminder }));
  await done(client.GET('/api/v1/jobs', { params: { query: { projectId: made.projectId } } }));
  await done(client.GET('/api/v1/jobs/{id}', { params: { path: { id: made.id } } }));
  await done(client.DELETE('/api/v1/jobs/{id}', { params: { path: { id: made.id } } }));

  for (const id of [endpoint, failing, waiting])
    await done(client.DELETE('/v1/endpoints/{id}', { params: { path: { id } } }));
  await done(client.DELETE('/v1/retry-policies/{id}', { params: { path: { id: once } } }));
  await done(operator.GET('/v1/projects/{id}/export', { ...ofProject, parseAs: 'text' }));
  await done(operator.DELETE('/v1/projects/{id}', { params: { path: { id: project }, query: { confirm: project } } }));
  await done(operator.DELETE('/v1/sessions'));
}

await main();
