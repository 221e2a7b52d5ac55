import type { LocalStack } from '../../local/local-stack.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { seedStats } from './seed-stats.js';

/** What a console with some history looks at; all ids are the API's. */
export interface Seeded {
  readonly project: string;
  readonly runs: {
    readonly succeeded: string;
    readonly retrying: string;
    readonly dead: string;
    readonly running: string;
  };
  readonly schedule: string;
  readonly endpoint: string;
  readonly queue: string;
  readonly event: string;
  readonly policy: string;
  readonly webhook: string;
  readonly close: () => Promise<void>;
}

const LONG_NAME =
  'Warehouse replenishment webhook of the northern distribution centre (legacy, to be replaced after the migration in autumn)';

/** As long as what is kept of an answer. */
const LONG_BODY = JSON.stringify({
  error: 'stock_service_unavailable',
  message: 'The stock service did not answer within its deadline.',
  trace: Array.from(
    { length: 60 },
    (_, line) => `at StockService.reserve (stock-service.ts:${100 + line}:17) attempt ${line}`,
  ),
}).slice(0, 4096);

/** Fills a fresh stack with a shop's endpoints, schedules and events, and waits until their runs stand as the pages show them. */
export async function seed(stack: LocalStack): Promise<Seeded> {
  const broken = await scriptedServer((_, response) =>
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' }).end(LONG_BODY),
  );
  const operator = await operatorOf(stack);
  await operator('/v1/projects', { name: 'Acme shop, staging', environment: 'staging' });
  const project = (await operator('/v1/projects', { name: 'Acme shop', environment: 'production' })).id;
  const make = (path: string, body: object) => operator(`${path}?project_id=${project}`, body);
  const idOf = async (path: string, body: object): Promise<string> => (await make(path, body)).id;

  const quick = await idOf('/v1/retry-policies', {
    name: 'Twice, a second apart',
    strategy: 'fixed',
    base_delay_seconds: 1,
    max_attempts: 2,
  });
  const patient = await idOf('/v1/retry-policies', {
    name: 'Patient',
    strategy: 'exponential',
    base_delay_seconds: 240,
    max_delay_seconds: 21_600,
    max_attempts: 10,
    honor_retry_after: false,
    retry_on_statuses: ['5xx', '429'],
  });
  await idOf('/v1/retry-policies', {
    name: 'Linear, ten minutes',
    strategy: 'linear',
    base_delay_seconds: 60,
    max_delay_seconds: 600,
    max_attempts: 8,
  });
  const endpoint = (name: string, url: string, more: object = {}) => idOf('/v1/endpoints', { name, url, ...more });
  const billing = await endpoint('Billing', `${stack.receiver}/ok`, {
    event_filters: ['invoice.*', 'order.refunded'],
    headers: { 'X-Tenant': 'acme' },
  });
  const ledger = await endpoint('Ledger export', `${stack.receiver}/ok`, {
    event_filters: ['invoice.paid'],
    max_concurrency: 5,
    rate_limit_per_second: 20,
  });
  const search = await endpoint('Search index', `${stack.receiver}/flaky/1`, {
    event_filters: ['*'],
    retry_policy_id: quick,
  });
  const warehouse = await endpoint(
    LONG_NAME,
    `${broken.url}/hooks/replenishment/northern-distribution-centre/v2/incoming?source=punctual`,
    { retry_policy_id: quick },
  );
  const crm = await endpoint('CRM', `${broken.url}/crm`, { retry_policy_id: patient });
  const reports = await endpoint('Reports', `${stack.receiver}/slow/120000`, { timeout_ms: 150_000 });
  const queue = await idOf('/v1/endpoints', {
    name: 'Fulfilment queue',
    type: 'sqs',
    arn: 'arn:aws:sqs:us-east-1:000000000000:trial',
    rate_limit_per_second: 50,
  });
  await endpoint('Old partner feed', `${stack.receiver}/ok`, { status: 'paused' });

  const schedule = (name: string, cron: string, more: object = {}) =>
    idOf('/v1/schedules', {
      name,
      cron,
      timezone: 'Europe/Berlin',
      endpoint_id: billing,
      payload: { job: name },
      ...more,
    });
  const nightly = await schedule('Nightly invoice run', '30 2 * * *', { overlap_policy: 'allow' });
  await schedule('Refresh exchange rates', '*/15 * * * 1-5', { jitter_seconds: 20 });
  await schedule(`Sync of ${LONG_NAME}`, '0 */6 * * *', { endpoint_id: ledger });
  await idOf('/v1/schedules', {
    name: 'Contract renewal',
    run_at: new Date(Date.now() + 40 * 86_400_000).toISOString(),
    endpoint_id: billing,
  });
  await schedule('Monthly statement', '0 9 L * *', { status: 'paused' });
  for (let run = 0; run < 6; run++) await make(`/v1/schedules/${nightly}/run`, {});

  const event = await idOf('/v1/events', {
    event_name: 'invoice.paid',
    event_key: 'inv_2026_004711',
    payload: { invoice_id: 'inv_2026_004711', total: 129.9, currency: 'EUR' },
  });
  for (const event_name of ['order.placed', 'order.refunded', 'customer.created', 'invoice.created'])
    await make('/v1/events', {
      event_name,
      event_key: `${event_name.split('.')[0]}_8${event_name.length}`,
      payload: { at: event_name },
    });

  const task = (endpoint_id: string, payload: unknown, more: object = {}) =>
    idOf('/v1/tasks', { endpoint_id, payload, ...more });
  const succeeded = await task(search, { document: 'doc_17', fields: ['title', 'body'] });
  for (const parcel of [1, 2, 3]) await task(warehouse, { parcel });
  const dead = await task(warehouse, {
    parcel: 4711,
    items: Array.from({ length: 90 }, (_, n) => ({ sku: `SKU-${1000 + n}`, quantity: n })),
  });
  const retrying = await task(crm, { customer: 'cus_8812' });
  const running = await task(reports, { report: 'monthly' });
  await task(billing, { invoice_id: 'inv_2026_004712' }, { delay_seconds: 86_400 });
  for (const order of [1, 2, 3]) await task(queue, { order });
  const cancelled = await task(billing, { invoice_id: 'inv_2026_004713' }, { delay_seconds: 3600 });
  await make(`/v1/tasks/${cancelled}/cancel`, {});
  await idOf('/v1/tasks', { target: { url: `${stack.receiver}/ok` }, payload: 'plain text' });

  const webhook = await endpoint('Pager of the on-call team', `${stack.receiver}/flaky/1`, {
    event_filters: ['job.failed', 'job.timed_out', 'endpoint.disabled'],
    retry_policy_id: quick,
  });
  for (const job of ['billing', 'search']) await idOf('/v1/tasks', { endpoint_id: webhook, payload: { job } });
  await make(`/v1/endpoints/${webhook}/test`, {});
  // Not found, which this policy does not retry.
  for (const path of ['/fail/404', '/fail/410'])
    await idOf('/v1/tasks', { target: { url: stack.receiver + path }, payload: { path }, retry_policy_id: patient });
  for (const label of ['web server', `importer of the ${LONG_NAME}`])
    await operator(`/v1/projects/${project}/keys`, { label });
  await seedStats(stack, project);

  const runs = { succeeded, retrying, dead, running };
  await reached(stack, project, {
    [succeeded]: 'success',
    [retrying]: 'retry_scheduled',
    [dead]: 'dead_letter',
    [running]: 'running',
  });
  const close = () => broken.close();
  return { project, runs, schedule: nightly, endpoint: billing, queue, event, policy: patient, webhook, close };
}

// biome-ignore lint/suspicious/noExplicitAny: as the API shows it.
type Post = (path: string, body: object) => Promise<any>;

async function operatorOf(stack: LocalStack): Promise<Post> {
  const { token } = (await new HttpClient(stack.api).post('/v1/sessions', { operator_key: stack.operatorKey })).body;
  const client = new HttpClient(stack.api, { authorization: `Bearer ${token}` });
  return async (path, body) => {
    const { status, text, body: answer } = await client.post(path, body);
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${text}`);
    return answer;
  };
}

async function reached(stack: LocalStack, project: string, wanted: Readonly<Record<string, string>>): Promise<void> {
  const { token } = (await new HttpClient(stack.api).post('/v1/sessions', { operator_key: stack.operatorKey })).body;
  const client = new HttpClient(stack.api, { authorization: `Bearer ${token}` });
  for (const [id, status] of Object.entries(wanted))
    await eventually(`${id} is ${status}`, async () => {
      const { body } = await client.get(`/v1/tasks/${id}?project_id=${project}`);
      return body.status === status && (status !== 'retry_scheduled' || body.attempt_count >= 1);
    });
}
