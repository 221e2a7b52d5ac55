import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { redriveStory } from '../rehearse/redrive.js';
import { PAYLOAD } from '../stories/receiver.js';
import { STORIES } from '../stories/stories.js';
import type { OutsideStory } from '../stories/story.js';
import { type Deployment, newcomer, type Told, tellAll } from '../stories/tell-all.js';
import { expectStatus } from '../support/http-client.js';
import { calm, ring } from './alarm.js';
import { assertBill, billTable, usedBy } from './bill.js';
import { assertPunctual, HORIZONS, type Horizon, latenessTable, measure } from './lateness.js';
import type { Step, World } from './step.js';

const MINUTE_MS = 60_000;
/** At each horizon. */
const CALLS = 20;
const BILLED_TASKS = 1_000;
const BATCH = 100;
/** Between two batches: a small stage takes 100 requests a second, and may be its own receiver. */
const BATCH_PACE_MS = 2_000;
/** CloudWatch has counted a minute when so many more are over. */
const COUNTED_AFTER_MS = 5 * MINUTE_MS;

/** The alarm rings first, and is looked at last: it needs half an hour to calm. */
export const STEPS: readonly Step[] = [
  { name: 'an alarm rings', needsAccount: true, run: async ({ account }) => [await ring(account!)] },
  { name: 'the stories', run: ({ deployment }) => tell(deployment, STORIES) },
  {
    name: 'lateness: at once, and by a short SQS delay',
    run: ({ deployment }) => lateness(deployment, HORIZONS.slice(0, 2)),
  },
  {
    name: 'lateness: by a long SQS delay, and by EventBridge Scheduler',
    isLong: true,
    run: ({ deployment }) => lateness(deployment, HORIZONS.slice(2)),
  },
  { name: 'DLQ redrive: what is moved to the replay queue is replayed', needsAccount: true, run: redrive },
  { name: "the bill's units, beside the bench's", needsAccount: true, isLong: true, run: bill },
  {
    name: 'the alarm is calm again',
    needsAccount: true,
    isLong: true,
    run: async ({ account }) => [await calm(account!)],
  },
];

/** Those of 18 minutes are left out: the lateness through EventBridge Scheduler is measured with more calls. */
export async function tell(deployment: Deployment, stories: readonly OutsideStory[]): Promise<string[]> {
  const told: Told[] = [];
  await tellAll(
    stories.filter(({ isLong }) => !isLong),
    deployment,
    (one) => told.push(one),
  );
  const failed = told.filter(({ fault }) => fault).map(({ name, fault }) => `${name}: ${fault!.message}`);
  assert(failed.length === 0, failed.join('\n'));
  return [`${told.length} stories passed.`];
}

async function lateness(deployment: Deployment, horizons: readonly Horizon[]): Promise<string[]> {
  const { teller, receiver } = await newcomer(deployment);
  // A first attempt is what is measured; a receiver that is short of breath gets others.
  const { id } = await teller.endpointAt(receiver.good, 5);
  const measured = await Promise.all(horizons.map((horizon) => measure(teller, id, CALLS, horizon)));
  assertPunctual(measured);
  return latenessTable(measured);
}

async function redrive({ deployment, account }: World): Promise<string[]> {
  const { aws, outputs } = account!;
  await redriveStory(deployment, async () => {
    const [from, to] = await Promise.all([outputs['DeadLettersQueueUrl'], outputs['ReplayQueueUrl']].map(arnOf));
    await aws('sqs', 'start-message-move-task', '--source-arn', from!, '--destination-arn', to!);
  });
  return ['A run that was a dead letter is a success.'];

  async function arnOf(url: string | undefined): Promise<string> {
    const words = ['sqs', 'get-queue-attributes', '--queue-url', url!, '--attribute-names', 'QueueArn'];
    return (await aws<{ Attributes: { QueueArn: string } }>(...words)).Attributes.QueueArn;
  }
}

async function bill({ deployment, account }: World): Promise<string[]> {
  const { teller, receiver } = await newcomer(deployment);
  const { id: endpoint_id } = await teller.endpointAt(receiver.good);
  // CloudWatch counts by minutes: nothing else may fall into those that are asked for.
  await sleep(2 * MINUTE_MS);
  const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  for (let n = 0; n < BILLED_TASKS / BATCH; n++) {
    const tasks = Array.from({ length: BATCH }, () => ({ endpoint_id, payload: PAYLOAD }));
    expectStatus(await teller.api.post('/v1/tasks/batch', { tasks }), 200);
    await sleep(BATCH_PACE_MS);
  }
  await sleep(MINUTE_MS);
  const end = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
  await sleep(COUNTED_AFTER_MS);
  const used = await usedBy(BILLED_TASKS, account!, start, end);
  assertBill(used);
  return billTable(used);
}
