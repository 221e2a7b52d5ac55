import {
  DeleteMessageCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { awsConsole } from '../support/aws-console.js';
import { compressedTime } from '../support/compressed-time.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { pageOf } from '../support/page-examples.js';
import { exampleFile } from '../support/published-example.js';
import { runCommand } from '../support/run-command.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

const starting = suiteWorld({ settings: compressedTime(36) });

// biome-ignore lint/suspicious/noExplicitAny: rows as the API lists them.
type Row = any;

/** Sends a message, as a program in the account does. */
async function send(body: object | string, attributes: Record<string, string> = {}): Promise<string> {
  const { stack } = await starting;
  const values = Object.entries(attributes).map(([name, StringValue]): [string, MessageAttributeValue] => [
    name,
    { DataType: 'String', StringValue },
  ]);
  const { MessageId } = await awsConsole(stack).sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queueUrl('IntakeQueue'),
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      MessageAttributes: Object.fromEntries(values),
    }),
  );
  return MessageId!;
}

/** What lies in the intake's DLQ by now; each test finds its own there. */
const refused = new Map<string, { readonly body: string; readonly [attribute: string]: string }>();
async function refusedAs(message: string) {
  const { stack } = await starting;
  const { sqs } = awsConsole(stack);
  const QueueUrl = stack.queueUrl('IntakeDlq');
  return eventually(`${message} is refused`, async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    for (const { Body, MessageAttributes = {}, ReceiptHandle } of Messages) {
      const texts = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue!]);
      const { message_id, ...attributes } = Object.fromEntries(texts);
      refused.set(message_id, { body: Body!, ...attributes });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return refused.get(message);
  });
}

async function newTenant() {
  const access = await (await starting).newProject();
  return Object.assign(new Tenant(access), { operator: access.operator, id: access.project.id });
}

/** The runs of a project, once there are so many. */
function runsOf({ api }: Tenant, count: number): Promise<Row[]> {
  return eventually(`${count} runs are there`, async () => {
    const { data } = expectStatus(await api.get('/v1/tasks?page_size=100'), 200).body;
    return data.length >= count && data;
  });
}

const target = async (path = '/ok') => ({ url: (await starting).stack.receiver + path });

test.concurrent('a message becomes a task run, its payload as it was written', async () => {
  const tenant = await newTenant();
  const { url } = await target();
  const before = Date.now();
  await send(
    `{"version": 1, "project": "${tenant.id}", "task": {"target": {"url": "${url}"}, "payload": {"a": 1.50, "b": 12345678901234567890}}}`,
  );
  const [{ id, created_at }] = await runsOf(tenant, 1);
  await tenant.reached(id, 'success');
  const [call] = await (await starting).received(id);
  expect(call!.body).toBe('{"a":1.50,"b":12345678901234567890}');
  expect(Date.parse(created_at)).toBeGreaterThanOrEqual(before);
});

test.concurrent.each<[string, object]>([
  ['as the API takes it', { event: { event_name: 'Order_Paid', payload: { n: 1 } } }],
  [
    'of EventBridge, with what a name may not have as _',
    {
      eventbridge: {
        version: '0',
        id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
        'detail-type': 'Order Paid',
        source: 'shop',
        account: '111122223333',
        time: '2026-11-30T23:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: { n: 1 },
      },
    },
  ],
])('a message with an event %s goes to the endpoints that listen', async (_how, event) => {
  const tenant = await newTenant();
  await tenant.endpoint((await target()).url, { event_filters: ['Order_Paid'] });
  await send({ project: tenant.id, ...event });
  const [{ id, source }] = await runsOf(tenant, 1);
  await tenant.reached(id, 'success');
  const shown = expectStatus(await tenant.api.get(`/v1/events/${source.id}`), 200).body;
  expect(shown).toMatchObject({ event_name: 'Order_Paid', payload: { n: 1 } });
});

test.concurrent('two messages under one key make one task run, as a request under that key does', async () => {
  const tenant = await newTenant();
  const task = { target: await target() };
  const message = { project: tenant.id, idempotency_key: 'invoice-1', task };
  await send(message);
  const [{ id }] = await runsOf(tenant, 1);
  await send(message);
  const answer = await eventually('the first answer is stored', async () => {
    const reply = await tenant.api.post('/v1/tasks', task, { 'idempotency-key': 'invoice-1' });
    return reply.status === 201 && reply;
  });
  expect(answer.body.id).toBe(id);
  const other = await send({ ...message, task: { ...task, payload: 'another' } });
  expect(await refusedAs(other)).toMatchObject({ status: '422', code: 'idempotency_key_reused' });
  expect(await runsOf(tenant, 1)).toHaveLength(1);
});

test.concurrent('copies of a message make one task run, also when they come after its worker is gone', async () => {
  const tenant = await newTenant();
  const message = { project: tenant.id, task: { target: await target() } };
  const copy = { message_id: `copy-of-${tenant.id}`, sent_at: String(Date.now() - 60_000) };
  for (let times = 0; times < 3; times++) await send(message, copy);
  await runsOf(tenant, 1);
  await send({ ...message, task: { ...message.task, name: 'the last of the line' } });
  const runs = await runsOf(tenant, 2);
  expect(runs.map(({ name }) => name)).toEqual(['the last of the line', null]);
});

test.concurrent('a time counts from when the message was sent, and is not refused for the wait in the queue', async () => {
  const tenant = await newTenant();
  const sent_at = Date.now() - 3_600_000;
  const task = { target: await target(), run_at: new Date(sent_at + 1_000).toISOString() };
  await send({ project: tenant.id, task }, { sent_at: String(sent_at) });
  const [{ id }] = await runsOf(tenant, 1);
  await tenant.reached(id, 'success');
});

test.concurrent.each<[string, (project: string) => object | string, object]>([
  ['no JSON', () => 'no JSON { 😀', { status: '400', code: 'invalid_request' }],
  ['no project', () => ({ task: {} }), { fault: expect.stringContaining('"pointer":"/project"') }],
  [
    'a project that is not there',
    () => ({ project: 'proj_00000000000070008000000000000000', task: {} }),
    { status: '404', code: 'not_found' },
  ],
  ['neither task nor event', (project) => ({ project }), { fault: expect.stringContaining('exactly one of task') }],
  ['both', (project) => ({ project, task: {}, event: {} }), { fault: expect.stringContaining('exactly one of task') }],
  [
    'a later version',
    (project) => ({ version: 2, project, event: {} }),
    { fault: expect.stringContaining('/version') },
  ],
  [
    'a task with faults',
    (project) => `{"project": "${project}", "task": {"target": {"url": "nowhere"}, "k\\uffff\\u0001": 1}}`,
    { fault: expect.stringMatching(/"\/task\/target\/url".*"\/task\/k\\uffff\\u0001"/s) },
  ],
  [
    'an endpoint of another project',
    (project) => ({ project, task: { endpoint_id: 'ep_00000000000070008000000000000000' } }),
    { fault: expect.stringContaining('/task/endpoint_id') },
  ],
  [
    'a name of our own',
    (project) => ({ project, eventbridge: { id: 'x', 'detail-type': 'job.failed', detail: {} } }),
    { fault: expect.stringContaining('/eventbridge/event_name') },
  ],
])('a message with %s is set apart, with its fault', async (_what, bodyFor, fault) => {
  const tenant = await newTenant();
  const body = bodyFor(tenant.id);
  const message = await send(body);
  const found = await refusedAs(message);
  expect(found).toMatchObject({ ...fault, body: typeof body === 'string' ? body : JSON.stringify(body) });
  expect((await tenant.api.get('/v1/tasks')).body.data).toEqual([]);
});

test.concurrent('the audit of the project names who sent what was refused', async () => {
  const tenant = await newTenant();
  await send({ project: tenant.id, task: {} });
  const refusal = await eventually('the refusal is in the audit', async () => {
    const lines = expectStatus(await tenant.api.get('/v1/audit'), 200)
      .text.trim()
      .split('\n');
    return lines.map((line): Row => JSON.parse(line)).find(({ type }) => type === 'refusal');
  });
  expect(refusal).toMatchObject({
    actor: { type: 'account', name: expect.any(String) },
    action: 'POST /v1/tasks',
    status: 400,
    project_id: tenant.id,
  });
});

test.concurrent('a message of a deleted project is set apart', async () => {
  const tenant = await newTenant();
  expectStatus(await tenant.operator.send('DELETE', `/v1/projects/${tenant.id}`), 202);
  const sent = await send({ project: tenant.id, task: { target: await target() } });
  expect(await refusedAs(sent)).toMatchObject({ status: '404' });
});

test.concurrent('what is over its quota waits in the queue, and another project does not notice', async () => {
  const [busy, other] = [await newTenant(), await newTenant()];
  expectStatus(await busy.operator.send('PATCH', `/v1/projects/${busy.id}`, { quotas: { runs_per_day: 1 } }), 200);
  const task = { target: await target() };
  for (let n = 0; n < 20; n++) await send({ project: busy.id, task });
  await send({ project: other.id, task });
  await runsOf(other, 1);
  const [{ id }] = await runsOf(busy, 1);
  await busy.reached(id, 'success');
  const { depth } = awsConsole((await starting).stack);
  const waiting = await eventually('the others wait', async () => {
    const { visible, inFlight, delayed } = await depth('IntakeQueue');
    return visible + inFlight === 0 && delayed;
  });
  expect(waiting).toBeGreaterThanOrEqual(19 - 1); // environments count the quota in memory
  expect([...refused.values()].some(({ status }) => status === '429')).toBe(false);
});

test.concurrent('the example of the page publishes an event', async () => {
  const tenant = await newTenant();
  const { stack } = await starting;
  const [code] = pageOf('intake.md').blocks('js');
  await runCommand(process.execPath, [exampleFile('send.mjs', code!)], {
    env: {
      INTAKE_QUEUE_URL: stack.queueUrl('IntakeQueue'),
      PROJECT: tenant.id,
      AWS_ENDPOINT_URL_SQS: stack.sqs,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  const [event] = await eventually('the event is there', async () => {
    const { data } = expectStatus(await tenant.api.get('/v1/events'), 200).body;
    return data.length > 0 && data;
  });
  expect(event).toMatchObject({ event_name: 'invoice.paid' });
});
