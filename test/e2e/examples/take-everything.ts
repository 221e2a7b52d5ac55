import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createRouter } from '../../../functions/api/http/router.js';
import { arrivals } from '../../../functions/api/openapi/arrivals.js';
import { rowOf } from '../../../functions/api/openapi/document.js';
import { type Given, operations } from '../../../functions/api/openapi/operations.js';
import { routes } from '../../../functions/api/routes/routes.js';
import { MOST_OF_ADDRESS } from '../../../functions/subjects/sessions/failed-sign-ins.js';
import type { LocalStack } from '../../../local/local-stack.js';
import type { Received } from '../../../local/receiver.js';
import { awsConsole } from '../../support/aws-console.js';
import { eventually } from '../../support/eventually.js';
import { HttpClient, type Reply } from '../../support/http-client.js';
import type { AsExample } from './as-example.js';
import { csvAsExample } from './csv-as-example.js';
import type { ExampleTaker } from './example-taker.js';

const findRoute = createRouter(routes);
const payload = { invoice_id: 'inv_123', status: 'paid' };
const since = '2026-03-01T08:00:00Z';

/** Uses the whole API as its users do, and takes what goes in and out as examples. */
export async function takeEverything(
  stack: LocalStack,
  taker: ExampleTaker,
  asExample: AsExample,
): Promise<Received[]> {
  const { receiver } = stack;

  /** Of each answer the body, which is an example if it is wanted. */
  const client = (headers: Record<string, string>) => {
    const http = new HttpClient(stack.api, headers);
    const call = async (
      method: string,
      path: string,
      body?: unknown,
      more?: Record<string, string>,
    ): Promise<Reply> => {
      const reply = await http.send(method, path, body, more);
      const row = rowOf(findRoute(method, path.split('?')[0]!).route);
      const { takes, gives } = operations[row]!;
      if (takes && body !== undefined && reply.status < 300) taker.take(takes, body);
      const name = nameOf(gives[reply.status], reply);
      if (name) taker.take(name, reply.body);
      return reply;
    };
    return {
      http,
      call,
      get: async (path: string) => (await call('GET', path)).body,
      post: async (path: string, body?: unknown) => (await call('POST', path, body)).body,
      patch: async (path: string, body: unknown) => (await call('PATCH', path, body)).body,
      remove: async (path: string) => (await call('DELETE', path)).body,
    };
  };

  const anyone = client({});
  await anyone.get('/v1/healthz');
  const { token } = await anyone.post('/v1/sessions', { operator_key: stack.operatorKey });

  await anyone.get('/v1/sign-in');
  const ownPage = { origin: stack.api, 'sec-fetch-site': 'same-origin' };
  await anyone.call('POST', '/v1/sign-in', { to: '/console/schedules' }, ownPage);

  const operator = client({ authorization: `Bearer ${token}` });
  await operator.get('/v1/sessions/current');
  await operator.get('/v1/sessions?page_size=1');
  const project = (await operator.post('/v1/projects', { name: 'shop', environment: 'production' })).id;
  await operator.get('/v1/projects?page_size=1');
  await operator.get(`/v1/projects/${project}`);
  await operator.patch(`/v1/projects/${project}`, { shards: 4, quotas: { runs_per_day: 500_000, bulk_jobs: 2 } });
  await operator.post(`/v1/projects/${project}/rotate-secret`, { grace_seconds: 3600 });
  const { key } = await operator.post(`/v1/projects/${project}/keys`, { label: 'web server' });
  await operator.get(`/v1/projects/${project}/keys?page_size=1`);
  await operator.post(`/v1/projects/${project}/portal`, { name: 'Ada Lovelace', role: 'member' });
  await operator.post('/v1/sessions/link');
  await operator.get('/v1/alarms');
  const old = (await operator.http.post(`/v1/projects/${project}/keys`, { label: 'old web server' })).body;

  const mine = client({ 'x-api-key': key });
  const quiet = async (path: string, body: object) => (await mine.http.post(path, body)).body;
  // Answered when no notification can miss it any more; nothing is called before.
  const watching = quiet('/v1/endpoints', {
    name: 'watch',
    url: `${receiver}/ok`,
    event_filters: ['job.*', 'endpoint.*'],
  });
  const patient = { name: 'patient', strategy: 'fixed', base_delay_seconds: 3600, max_attempts: 6, jitter: 'none' };
  const policy = (await mine.post('/v1/retry-policies', patient)).id;
  await mine.get('/v1/retry-policies?page_size=1');
  await mine.patch(`/v1/retry-policies/${policy}`, { max_attempts: 5 });
  const once = (await quiet('/v1/retry-policies', { name: 'once', max_attempts: 1 })).id;

  taker.take('Problem', (await mine.http.post('/v1/endpoints', { name: 'billing' })).body);
  const tooLarge = 'x'.repeat(10 * 1024 * 1024 + 1);
  taker.take('GatewayMessage', (await mine.http.send('POST', '/v1/tasks', tooLarge)).body);
  const named = { name: 'billing', url: `${receiver}/flaky/1`, timeout_ms: 5000, retry_policy_id: policy };
  const billing = (await mine.post('/v1/endpoints', { ...named, event_filters: ['invoice.*'], max_concurrency: 10 }))
    .id;
  await mine.get('/v1/endpoints?page_size=1');
  await mine.get(`/v1/endpoints/${billing}`);
  await mine.patch(`/v1/endpoints/${billing}`, { max_concurrency: 20, rate_limit_per_second: null });

  await watching;
  const reminder = { title: 'Trial expiry reminder', webhookUrl: `${receiver}/ok`, payload: { userId: 'usr_812' } };
  const fireAt = new Date(Date.now() + 1000).toISOString();
  const { data: near } = await quiet('/api/v1/jobs', { ...reminder, fireAt });
  await mine.post(`/v1/endpoints/${billing}/test`);
  const later = await mine.post('/v1/tasks', { endpoint_id: billing, payload, run_at: '2030-03-01T09:00:00+01:00' });
  const inline = { target: { url: `${receiver}/ok` }, delay_seconds: 3600 };
  const { data } = await mine.post('/v1/tasks/batch', { tasks: [{ endpoint_id: billing, payload }, inline] });
  const begun = data[0].task.id;
  const reached = (id: string, status: string) =>
    eventually(`${id} is ${status}`, async () => (await mine.http.get(`/v1/tasks/${id}`)).body.status === status);
  await reached(begun, 'retry_scheduled');
  await mine.get(`/v1/tasks/${begun}`);
  await mine.get(`/v1/tasks?endpoint_id=${billing}&page_size=1`);
  await mine.post(`/v1/tasks/${later.id}/cancel`);
  const retry = begun.replace('run_', 'rj_');
  await mine.get('/v1/retry-jobs?page_size=1');
  await mine.get(`/v1/retry-jobs/${retry}`);
  await mine.post(`/v1/retry-jobs/${retry}/run`);
  await reached(begun, 'success');
  const { text: fed } = await mine.http.get(`/v1/feed?task_id=${begun}`);
  const told = fed.trimEnd().split('\n');
  const end = { type: 'page', data: { cursor: 'q1YqSC1KLsgvSlWyUkpJTEkFAA', more: false } };
  const shownLines = [...told.slice(0, -1).map((line) => asExample(JSON.parse(line))), end];
  taker.take('FeedLines', shownLines.map((line) => `${JSON.stringify(line)}\n`).join(''));

  const local = (await quiet('/v1/endpoints', { name: 'on my machine', url: `${receiver}/ok` })).id;
  const listener = (await mine.post('/v1/listeners', { endpoint_ids: [local] })).id;
  await mine.get('/v1/listeners');
  await mine.get(`/v1/listeners/${listener}`);
  await quiet('/v1/tasks', { endpoint_id: local, payload, name: 'invoice' });
  const { data: asked } = await mine.get(`/v1/listeners/${listener}/requests`);
  const answer = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
  await mine.post(`/v1/listeners/${listener}/requests/${asked[0].id}/answer`, answer);
  await mine.call('DELETE', `/v1/listeners/${listener}`);

  const failing = async (name: string, path: string) => {
    const endpoint = { name, url: receiver + path, timeout_ms: 200, retry_policy_id: once };
    const endpoint_id = (await quiet('/v1/endpoints', endpoint)).id;
    const task = (await quiet('/v1/tasks', { endpoint_id, payload })).id;
    await reached(task, 'dead_letter');
    return { endpoint_id, letter: task.replace('run_', 'dl_') };
  };
  const broken = await failing('inventory', '/fail/500');
  // The test call to billing failed too, and its dead letter may be listed before this one.
  await eventually('the dead letter is listed', async () => {
    return (await mine.http.get('/v1/dead-letters?page_size=1')).body.data[0]?.id === broken.letter;
  });
  await mine.get('/v1/dead-letters?page_size=1');
  await mine.get(`/v1/dead-letters/${broken.letter}`);
  await mine.post(`/v1/dead-letters/${broken.letter}/resolve`, { note: 'The customer was refunded by hand.' });
  await mine.post('/v1/dead-letters/replay', { endpoint_id: broken.endpoint_id, since, dry_run: true });
  const { id: replay } = await mine.post('/v1/dead-letters/replay', { endpoint_id: broken.endpoint_id, since });
  // A recovery while it runs would be answered with it: their filter is the same.
  await eventually('the replay is over', async () => {
    const { body } = await mine.http.get(`/v1/dead-letters/replays/${replay}`);
    return body.status === 'completed';
  });
  await mine.post(`/v1/endpoints/${broken.endpoint_id}/recover`, { since });
  await failing('slow', '/slow/5000');
  await failing('moved away', '/fail/410');

  const refunded = { ids: [broken.letter], note: 'The customers were refunded by hand.' };
  const { id: resolution } = await mine.post('/v1/dead-letters/resolve', refunded);
  await eventually('the resolution is over', async () => {
    return (await mine.http.get(`/v1/bulk-jobs/${resolution}`)).body.status === 'completed';
  });
  await mine.get(`/v1/bulk-jobs/${resolution}`);
  await mine.post('/v1/tasks/cancel', { endpoint_id: billing, labels: { customer: '42' }, since });

  const event = await mine.post('/v1/events', { event_name: 'invoice.paid', event_key: 'inv_123', payload });
  const events = [{ event_name: 'invoice.draft.made' }, { event_name: 'invoice.draft.sent', payload }];
  await mine.post('/v1/events/batch', { events });
  await eventually('the run of the event has failed once', async () => {
    const { status, task_counts } = (await mine.http.get(`/v1/events/${event.id}`)).body;
    return status === 'completed' && task_counts.retry_scheduled === 1;
  });
  await mine.get('/v1/events?event_name=invoice.paid&page_size=1');
  await mine.get(`/v1/events/${event.id}`);
  const attempts = `/v1/deliveries?task_id=${begun}&page_size=1`;
  await mine.get(attempts);
  const csv = (await mine.http.send('GET', attempts, undefined, { accept: 'text/csv' })).text;
  taker.examples['DeliveryAttemptCsv'] = csvAsExample(csv, asExample);

  const nightly = { cron: '0 3 * * *', timezone: 'Europe/Berlin' };
  await mine.post('/v1/schedules/preview', { ...nightly, from: 1774652400, count: 3 });
  const report = { name: 'nightly report', ...nightly, endpoint_id: billing, payload, retry_policy_id: policy };
  const schedule = `/v1/schedules/${(await mine.post('/v1/schedules', report)).id}`;
  await mine.get('/v1/schedules?page_size=1');
  await mine.patch(schedule, { status: 'paused' });
  await mine.post(`${schedule}/run`);
  const yesterday = { from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date().toISOString() };
  await mine.post(`${schedule}/backfill`, { ...yesterday, dry_run: true });
  const moving = { name: 'moving', run_at: '2030-03-01T09:00:00Z', target: { url: `${receiver}/ok` } };
  const moved = (await quiet('/v1/schedules', moving)).id;
  await mine.patch(`/v1/schedules/${moved}`, { target: { timeout_ms: 5000 } });

  const jobs = '/api/cron-service/jobs';
  const refresh = { name: 'Refresh Cache', cronExpression: '*/5 * * * *', targetUrl: `${receiver}/ok`, body: '{}' };
  const { data: job } = await mine.post(jobs, { ...refresh, retries: 3, signPayloads: true });
  await mine.get(`${jobs}?limit=1`);
  await mine.get(`${jobs}/${job.jobId}`);
  await mine.patch(`${jobs}/${job.jobId}`, { state: 'PAUSED' });
  await mine.post(`${jobs}/${job.jobId}/run`);
  await eventually('the execution is over', async () => {
    const { executions } = (await mine.http.get(`${jobs}/${job.jobId}/executions`)).body.data;
    return executions[0]?.result === 'SUCCESS';
  });
  await mine.get(`${jobs}/${job.jobId}/executions`);
  const { data: schedules } = (await mine.http.get('/v1/schedules?page_size=1')).body;
  taker.take('InlineRetryPolicy', schedules[0].retry_policy);
  await mine.remove(`${jobs}/${job.jobId}`);
  taker.take('CronServiceError', (await mine.http.get(`${jobs}/${job.jobId}`)).body);

  await new HttpClient(stack.api, { 'x-api-key': old.key }).post(jobs, { ...refresh, signPayloads: true });
  await operator.remove(`/v1/projects/${project}/keys/${old.id}`);
  const former = (await operator.http.post('/v1/projects', { name: 'former shop' })).body.id;
  const { text: exported } = await operator.http.get(`/v1/projects/${former}/export`);
  taker.take('ExportLines', `${JSON.stringify(asExample(JSON.parse(exported)))}\n`);
  await operator.remove(`/v1/projects/${former}?confirm=${former}`);

  const { data: far } = await mine.post('/api/v1/jobs', { ...reminder, fireAt: '2030-06-13T09:30:00Z' });
  await mine.get('/api/v1/jobs?limit=1');
  await mine.remove(`/api/v1/jobs/${far.id}`);
  taker.take('DispatchError', (await mine.http.get(`/api/v1/jobs/${project}`)).body);
  await eventually('the job has fired', async () => {
    return (await mine.http.get(`/api/v1/jobs/${near.id}`)).body.data.status === 'SUCCESS';
  });
  await mine.get(`/api/v1/jobs/${near.id}`);

  const stats = `/v1/stats?from=${Math.floor(Date.now() / 1000)}`;
  await eventually('the hour is counted', async () => (await mine.http.get(stats)).body.totals.latency_ms.p50 !== null);
  await mine.get(stats);
  await mine.call('PUT', '/v1/retry-policies/by-name/patient', patient);
  await mine.call('PUT', '/v1/endpoints/by-name/billing', { url: `${receiver}/ok`, timeout_ms: 5000 });
  await mine.call('PUT', '/v1/endpoints/by-name/orders', {
    type: 'sqs',
    arn: 'arn:aws:sqs:us-east-1:000000000000:trial',
  });
  await mine.call('PUT', '/v1/endpoints/by-name/bills', {
    type: 'lambda',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:bills',
  });
  await mine.call('PUT', '/v1/schedules/by-name/nightly%20report', { ...nightly, endpoint_id: billing, payload });
  await mine.post(`/v1/tasks/${later.id}/resend`, { payload: { ...payload, corrected: true } });
  await mine.get('/v1/search?q=nightly');
  await mine.get('/v1/usage');
  await operator.post('/v1/dead-letters/replay-all', { since });
  await operator.http.send('PATCH', `/v1/projects/${project}`, { quotas: { endpoints: 1 } });
  const refused = await eventually('the quota holds', async () => {
    const answer = await mine.http.post('/v1/endpoints', { name: 'one more', url: `${stack.receiver}/ok` });
    return answer.status === 409 && answer.body;
  });
  taker.take('Problem', refused);
  await mine.http.get('/v1/projects');
  await awsConsole(stack).sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queueUrl('IntakeQueue'),
      MessageBody: JSON.stringify({ project, task: {} }),
    }),
  );
  for (let n = 0; n < MOST_OF_ADDRESS; n++) await anyone.http.post('/v1/sessions', { operator_key: 'a wrong one' });
  const lines = await eventually('the audit tells of each kind', async () => {
    const { text } = await operator.http.get('/v1/audit');
    const one = (...marks: string[]) => text.split('\n').find((line) => marks.every((mark) => line.includes(mark)));
    const found = [
      one('"type":"person"', '"name":"shop"'),
      one('"type":"key"', '"POST /v1/retry-policies"', project),
      one('"type":"refusal"', '"GET /v1/projects"', project),
      one('"type":"unknown"'),
      one('"type":"account"'),
      one('"type":"delivery"', begun, '"attempt":1'),
    ];
    return found.every(Boolean) && found;
  });
  const shown = lines.map((line) => `${JSON.stringify(asExample(JSON.parse(line!)))}\n`);
  taker.take('AuditLines', shown.join(''));
  await operator.remove('/v1/sessions');

  return eventually('all has arrived', async () => {
    const received = JSON.parse(await (await fetch(`${receiver}/received`)).text()) as Received[];
    return Object.keys(arrivals).every((name) => arrived(received, name)) && received;
  });
}

/** The name of what came, unless it is text. */
function nameOf(given: Given | undefined, { headers }: Reply): string | undefined {
  const name = typeof given === 'string' ? given : given?.[headers.get('content-type')?.split(';')[0] ?? ''];
  return name === 'text' ? undefined : name;
}

/** The first request of this kind that came, whichever headers tell its kind. */
export function arrived(received: readonly Received[], name: string): Received | undefined {
  const isOf: Readonly<Record<string, (headers: Received['headers'], body: string) => boolean>> = {
    taskCall: (headers, body) => headers['punctual-event-name'] === undefined && body === JSON.stringify(payload),
    eventDelivery: (headers) => headers['punctual-event-name'] === 'invoice.paid',
    jobCompleted: (headers, body) =>
      headers['punctual-event-name'] === 'job.completed' && body.includes('"name":"billing","attempt":2'),
    jobFailed: (headers, body) =>
      headers['punctual-event-name'] === 'job.failed' && body.includes('"name":"inventory","attempt":1'),
    jobTimedOut: (headers) => headers['punctual-event-name'] === 'job.timed_out',
    endpointDisabled: (headers) => headers['punctual-event-name'] === 'endpoint.disabled',
    endpointTest: (_headers, body) => body.startsWith('{"event":"test"'),
    cronJobCall: (headers) => headers['x-cron-signature'] !== undefined,
    dispatchJobCall: (headers) => headers['x-dispatch-signature'] !== undefined,
  };
  return received.find(({ headers, body }) => isOf[name]?.(headers, body));
}
