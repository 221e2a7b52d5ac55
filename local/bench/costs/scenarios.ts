import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../../functions/primitives/map-bounded.js';
import type { ApiClient } from '../../api-client.js';
import { payloadOf } from '../payload.js';
import { AT_ONCE } from './receiver.js';

/** The surroundings of a scenario. */
export interface World {
  readonly api: ApiClient;
  /** Sends messages to the intake queue, by one request for each ten of them. */
  readonly send: (tasks: readonly object[]) => Promise<void>;
  /** URL of the receiver, which answers after 200 ms. */
  readonly receiver: string;
  /** Number of schedules in a cron scenario. */
  readonly tasks: number;
  readonly payloadBytes: number;
  /** Concurrent requests. */
  readonly atOnce: number;
}

/** Makes `tasks` tasks; may be called again. */
export type Work = (tasks: number) => Promise<void>;

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** Most dollars for a million deliveries at ten messages per invocation and 1 KB. */
  readonly target?: number;
  /** Calls of each task. */
  readonly attempts: number;
  /** Schedules that fire once, so many minutes after they were made: the work does not happen at once. */
  readonly firesAfterMinutes?: number;
  /** Makes the objects that must exist before the count; resolves to the work. */
  prepare(world: World): Promise<Work>;
}

/** Beyond SQS's longest delay. */
const FAR_MINUTES = 17;
const BATCH = 100;
/** A batch of SQS. */
const SENT_AT_ONCE = 10;
const LISTENERS = 10;
const NAME = 'order.paid';

const resource = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
/** What they cost beside our own is the price of their call; of a queue, it is among the SQS requests. */
const TARGETS = [
  ['queue', 'sqs', resource('sqs', 'trial')],
  ['topic', 'sns', resource('sns', 'bench')],
  ['bus', 'eventbridge', resource('events', 'event-bus/bench')],
  ['function', 'lambda', resource('lambda', 'function:bench')],
  ['machine', 'stepfunctions', resource('states', 'stateMachine:bench')],
] as const;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'single',
    what: 'one task per request',
    target: 5.4,
    attempts: 1,
    prepare: (world) => prepareTasks(world, '/', 1),
  },
  {
    name: 'batch',
    what: 'tasks in batches of 100',
    target: 3.4,
    attempts: 1,
    prepare: (world) => prepareTasks(world, '/', BATCH),
  },
  {
    name: 'intake',
    what: 'one task per message of the intake queue',
    attempts: 1,
    prepare: (world) => prepareTasks(world, '/', SENT_AT_ONCE, world.send),
  },
  ...TARGETS.map(
    ([name, type, arn]): Scenario => ({
      name,
      what: `one task per request, to ${type}`,
      attempts: 1,
      prepare: (world) => prepareTasks(world, { type, arn }, 1),
    }),
  ),
  { name: 'event', what: 'one event to 10 endpoints', target: 3.9, attempts: 1, prepare: prepareEvents },
  {
    name: 'cron',
    what: 'a minute cron',
    attempts: 1,
    firesAfterMinutes: 1,
    prepare: (world) => prepareCron(world, () => '* * * * *'),
  },
  {
    name: 'hourly',
    what: 'a cron of an hour, a night or longer, which EventBridge Scheduler wakes',
    attempts: 1,
    firesAfterMinutes: FAR_MINUTES,
    prepare: (world) => prepareCron(world, () => `${new Date(Date.now() + FAR_MINUTES * 60_000).getMinutes()} * * * *`),
  },
  {
    name: 'failing',
    what: 'a task failing twice before success',
    attempts: 3,
    prepare: (world) => prepareTasks(world, '/failing/2', 1),
  },
];

/** Runs before any count, so that counted code is compiled. */
export const warmUp = (world: World) => prepareTasks(world, AT_ONCE, 1);

async function prepareTasks(
  world: World,
  where: string | { readonly type: string; readonly arn: string },
  batch: number,
  send = (tasks: readonly object[]) => postBatch(world.api, tasks),
): Promise<Work> {
  const endpoint = await createEndpoint(world, {
    ...(typeof where === 'string' ? { url: world.receiver + where, ...(await retries(world, where)) } : where),
  });
  const taskOf = (n: number) => ({ endpoint_id: endpoint, payload: payloadOf(world.payloadBytes, n) });
  if (batch === 1) return (tasks) => inParallel(world, tasks, (n) => world.api.request('POST', '/v1/tasks', taskOf(n)));
  const batchOf = (n: number, tasks: number) =>
    Array.from({ length: Math.min(batch, tasks - n * batch) }, (_, i) => taskOf(n * batch + i));
  return (tasks) => inParallel(world, Math.ceil(tasks / batch), (n) => send(batchOf(n, tasks)));
}

/** A task without retries keeps the default policy: a policy of its own would be read for each run. */
async function retries({ api }: World, path: string): Promise<{ retry_policy_id?: string }> {
  if (!path.startsWith('/failing')) return {};
  const soon = { name: 'soon', strategy: 'custom', delays_seconds: [1, 1], jitter: 'none' };
  const { id } = await api.request<{ id: string }>('POST', '/v1/retry-policies', soon);
  return { retry_policy_id: id };
}

async function postBatch(api: ApiClient, tasks: readonly object[]): Promise<void> {
  const { data } = await api.request<{ data: { status: number }[] }>('POST', '/v1/tasks/batch', { tasks });
  const refused = data.find(({ status }) => status !== 201);
  if (refused) throw new Error(`an entry was refused: ${JSON.stringify(refused)}`);
}

async function prepareEvents(world: World): Promise<Work> {
  await inParallel(world, LISTENERS, () => createEndpoint(world, { url: `${world.receiver}/`, event_filters: [NAME] }));
  return (tasks) =>
    inParallel(world, tasks / LISTENERS, (n) =>
      world.api.request('POST', '/v1/events', { event_name: NAME, payload: payloadOf(world.payloadBytes, n) }),
    );
}

/** One fire of each schedule is counted, from the arrival of its wake-up. */
async function prepareCron(world: World, cronNow: () => string): Promise<() => Promise<void>> {
  const endpoint = await createEndpoint(world, { url: `${world.receiver}/` });
  await untilSecond((second) => second >= 5 && second < 25);
  const cron = cronNow();
  await inParallel(world, world.tasks, (n) => {
    const payload = payloadOf(world.payloadBytes, n);
    return world.api.request('POST', '/v1/schedules', {
      name: 'bench',
      cron,
      endpoint_id: endpoint,
      payload,
    });
  });
  if (new Date().getSeconds() >= 50)
    throw new Error('this machine is too slow to create so many schedules within a minute');
  return () => untilSecond((second) => second < 5);
}

async function untilSecond(isThere: (second: number) => boolean): Promise<void> {
  while (!isThere(new Date().getSeconds())) await sleep(100);
}

async function createEndpoint({ api }: World, settings: object): Promise<string> {
  const { id } = await api.request<{ id: string }>('POST', '/v1/endpoints', { name: 'bench', ...settings });
  return id;
}

async function inParallel({ atOnce }: World, count: number, one: (n: number) => Promise<unknown>): Promise<void> {
  await mapBounded([...Array(count).keys()], atOnce, one);
}
