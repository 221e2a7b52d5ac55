import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld({ errors: true, settings: { failedAgainSeconds: 1 } });

/** What must not be in any log, each in its own place, so that a leak says where from. */
const SECRETS = [
  'payload',
  'header',
  'answer',
  'answered',
  'idempotency',
  'query',
  'rejected',
  'message',
  'broken',
].map((place) => `s3cret-${place}`);

test('what goes wrong is logged with its ids, and nothing that is a secret, a payload or the value of a header', async () => {
  const world = await starting;
  const { api, log, project, stack } = world;
  const receiver = await scriptedServer((_request, response) => {
    response.writeHead(503, { 'x-answer': 's3cret-answered' });
    response.end('s3cret-answer');
  });
  const endpoint = await world.endpoint(`${receiver.url}/hook?key=s3cret-query`, {
    headers: { authorization: 's3cret-header' },
  });
  const task = { endpoint_id: endpoint.id, payload: { card: 's3cret-payload' } };
  const reply = await api.post('/v1/tasks', task, { 'idempotency-key': 's3cret-idempotency' });
  const id = expectStatus(reply, 201).body.id;
  await world.reached(id, 'dead_letter');
  expectStatus(await api.post('/v1/tasks?token=s3cret-query', { ...task, nonsense: 's3cret-rejected' }), 400);
  expectStatus(await api.post('/v1/tasks', '{"payload": s3cret-broken'), 400);
  const { sqs } = awsConsole(stack);
  const strange = ['s3cret-broken', JSON.stringify({ kind: 'deliver', run: 'run_strange', payload: 's3cret-message' })];
  for (const MessageBody of strange)
    await sqs.send(new SendMessageCommand({ QueueUrl: stack.queueUrl('FastLaneQueue'), MessageBody }));

  await eventually('the strange messages failed', async () => {
    const failed = log.filter((line) => line.includes('message failed'));
    return failed.some((line) => line.includes('run_strange')) && failed.some((line) => line.includes('not JSON'));
  });
  await eventually('the failure is named', async () =>
    linesOf(log).some(({ unsuccessful = [] }) =>
      unsuccessful.some(
        (one: Record<string, string>) =>
          one['run'] === id &&
          one['project'] === project.id &&
          one['attempt'] === id.replace(/^run_/, 'att_') &&
          one['because'] === 'attempts_exhausted',
      ),
    ),
  );
  const whole = log.join('\n');
  const keys = [String(api.headers['x-api-key']), endpoint.signing_secret, project.signing_secret, stack.operatorKey];
  for (const secret of [...SECRETS, ...keys]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(whole).not.toContain(secret);
    expect(whole).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4));
  }
  await receiver.close();
});

test('the metrics of a delivery are on its invocations, one line each', async () => {
  const world = await starting;
  const before = world.log.length;
  const endpoint = await world.endpoint('/ok');
  const id = await world.task(endpoint.id);
  await world.reached(id, 'success');
  const lines = () => linesOf(world.log.slice(before));
  const line = await eventually('delivered is counted', async () => lines().find(({ delivered }) => delivered));
  expect(line).toMatchObject({ stage: 'local', delivered: 1, latency_ms: [expect.any(Number)] });
  expect(line.lateness_ms[0]).toBeGreaterThanOrEqual(0);
  expect(lines().filter(({ accepted }) => accepted)).toMatchObject([{ accepted: 1 }]);
});

/** The lines in embedded metric format. */
// biome-ignore lint/suspicious/noExplicitAny: whatever was counted.
function linesOf(log: readonly string[]): any[] {
  return log
    .map((line) => line.slice(line.indexOf(': ') + 2))
    .filter((line) => line.startsWith('{"_aws"'))
    .map((line) => JSON.parse(line));
}
