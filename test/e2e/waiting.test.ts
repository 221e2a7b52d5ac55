import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ResourceNotFoundException,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const GROUP = 'Punctual-local-wake-ups';
const starting = suiteWorld();

/** The one-time schedule that wakes the run for its attempt, by the name that follows from both; undefined if there is none. */
async function wakeUp(run: string, attempt: number): Promise<GetScheduleCommandOutput | undefined> {
  const { scheduler } = awsConsole((await starting).stack);
  const Name = `d-${run.replace('run_', '')}-${attempt}-0`;
  return scheduler.send(new GetScheduleCommand({ GroupName: GROUP, Name })).catch((error) => {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  });
}

test('a delayed task fires at its moment: never early, and hardly late', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  await world.reached(await world.task(endpoint.id), 'success'); // the functions are loaded
  const moments = [3_000, 3_210, 3_430, 3_650, 3_870].map((ahead) => Date.now() + ahead);
  const ids: string[] = [];
  for (const moment of moments) ids.push(await world.task(endpoint.id, { run_at: new Date(moment).toISOString() }));
  const latenesses: number[] = [];
  for (const [index, id] of ids.entries()) {
    const { attempts } = await world.reached(id, 'success');
    const [webhook] = await world.received(id);
    expect(Date.parse(webhook!.received_at)).toBeGreaterThanOrEqual(moments[index]!);
    expect(webhook!.headers['punctual-scheduled-for']).toBe(new Date(moments[index]!).toISOString());
    latenesses.push(attempts[0].lateness_ms);
  }
  latenesses.sort((a, b) => a - b);
  expect(latenesses[0]).toBeGreaterThanOrEqual(0);
  expect(latenesses[2]).toBeLessThan(250); // the median: a busy machine may hold up one
});

test('a task beyond 15 minutes waits in EventBridge Scheduler, and comes back to the lane in time', async () => {
  const world = await starting;
  const { scheduler, queueArn, depth } = awsConsole(world.stack);
  const due = Date.now() + 902_000;
  const id = await world.task((await world.endpoint('/ok')).id, { run_at: new Date(due).toISOString() });
  const schedule = (await wakeUp(id, 1))!;
  expect(schedule).toMatchObject({
    ScheduleExpression: expect.stringMatching(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/),
    ActionAfterCompletion: 'DELETE',
    Target: { Arn: queueArn('FastLaneQueue'), RoleArn: expect.any(String), DeadLetterConfig: expect.anything() },
  });
  const at = Date.parse(`${schedule.ScheduleExpression!.slice(3, -1)}Z`);
  expect(due - at).toBeGreaterThanOrEqual(90_000);
  expect(JSON.parse(schedule.Target!.Input!)).toMatchObject({ kind: 'deliver', run: id, attempt: 1, due });

  // Minutes in seconds: the same schedule, now, when less than SQS's 15 minutes are left.
  const soon = new Date(due - 899_000).toISOString().slice(0, 19);
  const { Name, GroupName, FlexibleTimeWindow, Target, ActionAfterCompletion } = schedule;
  const change = { Name, GroupName, FlexibleTimeWindow, Target, ActionAfterCompletion };
  await scheduler.send(new UpdateScheduleCommand({ ...change, ScheduleExpression: `at(${soon})` }));
  await eventually('the schedule is gone', async () => (await wakeUp(id, 1)) === undefined);
  await eventually('the lane holds the delayed message', async () => (await depth('FastLaneQueue')).delayed === 1);
  expect((await world.run(id)).status).toBe('pending');
  expect(await world.received(id)).toEqual([]);
}, 60_000);

test('cancelling takes the wake-up away', async () => {
  const world = await starting;
  const id = await world.task((await world.endpoint('/ok')).id, { delay_seconds: 3_600 });
  expect(await wakeUp(id, 1)).toBeDefined();
  expectStatus(await world.api.post(`/v1/tasks/${id}/cancel`), 200);
  expect(await wakeUp(id, 1)).toBeUndefined();
});

test('a backoff beyond 15 minutes waits there too; the retry is run now, and the next one given up', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/fail/503', { retry_policy_id: await world.policy(5, 3_600) });
  const id = await world.task(endpoint.id);
  await world.reached(id, 'retry_scheduled');
  await eventually('the second attempt is armed', () => wakeUp(id, 2));
  const { body } = await world.api.get(`/v1/retry-jobs?endpoint_id=${endpoint.id}`);
  expect(body.data).toMatchObject([{ task_id: id, attempt: 2, last_error: { code: expect.any(String) } }]);

  const job = `/v1/retry-jobs/${body.data[0].id}`;
  expectStatus(await world.api.post(`${job}/run`), 202);
  await eventually('the second attempt was made', async () => (await world.run(id)).attempts.length === 2);
  await eventually('the third attempt is armed', () => wakeUp(id, 3));
  expectStatus(await world.api.send('DELETE', job), 204);
  expect(await world.reached(id, 'dead_letter')).toMatchObject({ attempt_count: 2 });
  expect(await world.deadLetter(id)).toMatchObject({ reason: 'given_up', status: 'open' });
  expect(await wakeUp(id, 3)).toBeUndefined();
  await sleep(200);
  expect(await world.received(id)).toHaveLength(2);
});

test('cancelling a run whose retry waits in EventBridge Scheduler takes that wake-up away', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/fail/503', { retry_policy_id: await world.policy(5, 1_200) });
  const id = await world.task(endpoint.id);
  await world.reached(id, 'retry_scheduled');
  await eventually('the second attempt is armed', () => wakeUp(id, 2));
  expectStatus(await world.api.post(`/v1/tasks/${id}/cancel`), 200);
  expect(await wakeUp(id, 2)).toBeUndefined();
});

test('the feed tells two runs from acceptance to success and dead letter, each line once, across pages that wait', async () => {
  const world = await starting;
  const retry_policy_id = await world.policy(2, 3_600);
  const endpoints = [
    await world.endpoint('/flaky/1', { retry_policy_id, status: 'paused' }),
    await world.endpoint('/fail/503', { retry_policy_id, status: 'paused' }),
  ];
  const since = new Date().toISOString();
  const ids: string[] = [];
  for (const { id } of endpoints) ids.push(await world.task(id, { labels: { feed: 'told' } }));
  await world.task(endpoints[0]!.id);
  const told: { key: string; of: string; status: string }[] = [];
  const read = async (query: string) => {
    const { text } = expectStatus(await world.api.get(`/v1/feed?label=feed:told&${query}`), 200);
    const lines = Array.from(text.trimEnd().split('\n'), (line) => JSON.parse(line));
    return { lines: lines.slice(0, -1), cursor: lines.at(-1).data.cursor as string };
  };
  const statusesOf = (of: string) => told.filter((line) => line.of === of).map(({ status }) => status);
  const isOver = () => ids.every((id) => ['success', 'dead_letter'].includes(statusesOf(id).at(-1)!));

  let { lines, cursor } = await read(`since=${since}`);
  for (const { id } of endpoints)
    expectStatus(await world.api.send('PATCH', `/v1/endpoints/${id}`, { status: 'active' }), 200);
  for (let pages = 0; ; pages++) {
    for (const { type, version, data } of lines) {
      const isRun = type === 'task_run';
      told.push({
        key: `${data.id} ${version}`,
        of: isRun ? data.id : `attempts of ${data.task_id}`,
        status: data.status,
      });
      // The request changes the run, too, before its retry begins.
      const waits = statusesOf(data.id).filter((status) => status === 'retry_scheduled');
      if (data.status === 'retry_scheduled' && waits.length === 1)
        expectStatus(await world.api.post(`/v1/retry-jobs/${data.id.replace('run_', 'rj_')}/run`), 202);
    }
    if (isOver() || pages === 10) break;
    ({ lines, cursor } = await read(`cursor=${cursor}&wait_seconds=4`));
  }
  expect((await read(`cursor=${cursor}`)).lines).toEqual([]);
  expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
  const [success, dead] = ids as [string, string];
  for (const id of ids) expect(statusesOf(id)).toEqual(expect.arrayContaining(['pending', 'retry_scheduled']));
  expect([statusesOf(success).at(-1), statusesOf(`attempts of ${success}`)]).toEqual([
    'success',
    ['failed', 'success'],
  ]);
  expect([statusesOf(dead).at(-1), statusesOf(`attempts of ${dead}`)]).toEqual(['dead_letter', ['failed', 'failed']]);
  expect((await read(`since=${since}&type=delivery_attempt&status=failed`)).lines).toHaveLength(3);
}, 60_000);
