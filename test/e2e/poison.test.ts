import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { awsConsole } from '../support/aws-console.js';
import { compressedTime } from '../support/compressed-time.js';
import { eventually } from '../support/eventually.js';
import { suiteWorld } from '../support/suite-world.js';
import type { World } from '../support/world.js';

/** What these tests wait for takes visibility timeouts. */
const starting = suiteWorld({
  errors: true,
  settings: { ...compressedTime(36), failedAgainSeconds: 0, failedAgainMostSeconds: 0 },
});

/** Sends a message that no code of ours would send. */
async function slipIn(world: World, queue: string, body: string): Promise<void> {
  const { sqs } = awsConsole(world.stack);
  await sqs.send(new SendMessageCommand({ QueueUrl: world.stack.queueUrl(queue), MessageBody: body }));
}

/** Bodies in the slow lane's DLQ, all visible again afterwards. */
async function poisonBodies(world: World): Promise<string[]> {
  const { sqs } = awsConsole(world.stack);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: world.stack.queueUrl('SlowLaneDlq'),
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
    }),
  );
  return Messages.map(({ Body }) => Body!);
}

test.concurrent('a message that is no JSON ends in the DLQ of its lane, body and all', async () => {
  const world = await starting;
  await slipIn(world, 'SlowLaneQueue', 'no JSON at all { 😀');
  const isThere = async () => (await poisonBodies(world)).includes('no JSON at all { 😀');
  await eventually('it is in the DLQ', isThere, 50_000);
  // Work goes on around them.
  await world.reached(await world.task((await world.endpoint('/ok', { timeout_ms: 60_000 })).id), 'success');
}, 60_000);

test.concurrent('the reconciler sends what lies in the DLQs back to its queue, whatever queue it was meant for', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const ids = [
    await world.task(endpoint.id, { delay_seconds: 600 }),
    await world.task(endpoint.id, { delay_seconds: 3_600 }),
  ];
  const now = Date.now();
  const envelope = { project: world.project.id, group: endpoint.id, sent_at: now, hop: 0 };
  for (const [n, queue] of ['FastLaneDlq', 'WakeUpsDlq'].entries())
    await slipIn(world, queue, JSON.stringify({ kind: 'deliver', ...envelope, run: ids[n], attempt: 1, due: now }));

  await world.stack.functionPool('Reconciler').invoke({});
  for (const id of ids) {
    expect(await world.reached(id, 'success')).toMatchObject({ attempt_count: 1 });
    expect(await world.received(id)).toHaveLength(1);
  }
  for (const queue of ['FastLaneDlq', 'WakeUpsDlq']) {
    const { visible, inFlight } = await awsConsole(world.stack).depth(queue);
    expect([queue, visible + inFlight]).toEqual([queue, 0]);
  }
}, 60_000);

test.concurrent('what the Scheduler left in the wake-up DLQ goes out again by one redrive, whatever queue it was meant for', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok', { timeout_ms: 60_000 });
  const id = await world.task(endpoint.id, { delay_seconds: 3_600 });
  const envelope = { project: world.project.id, sent_at: Date.now(), hop: 0 };
  const lost = { kind: 'deliver', ...envelope, run: id, group: endpoint.id, attempt: 1, due: Date.now() };
  await slipIn(world, 'WakeUpsDlq', JSON.stringify(lost));
  await awsConsole(world.stack).redrive('WakeUpsDlq', 'WakeUpsQueue');
  await world.reached(id, 'success');
  expect(await world.received(id)).toHaveLength(1);
}, 60_000);
