import { createHmac } from 'node:crypto';
import type { CallOutcome } from '../../../../functions/destinations/outcome.js';
import { makeId, uuidOf } from '../../../../functions/primitives/ids.js';
import { announceDisabled } from '../../../../functions/protocol/effects/announce.js';
import { publish } from '../../../../functions/protocol/messages/publish.js';
import {
  cancelRun,
  createRun,
  giveUpRetry,
  replayDeadLetter,
  runRetryNow,
} from '../../../../functions/protocol/runs/run-operations.js';
import { DEFAULT_RETRY_POLICY } from '../../../../functions/subjects/retry-policies/retry-policy.js';
import type { RunDefinition } from '../../../../functions/subjects/task-runs/task-run.js';
import { aListener, anEvent, dispatchAll } from '../../../support/event-stories.js';
import {
  anEndpoint,
  aRun,
  aSchedule,
  FAILED,
  Killed,
  MemoryWorld,
  PROJECT_ID,
  START,
} from '../../../support/memory-world.js';

const TIMED_OUT: Partial<CallOutcome> = {
  status: 'timed_out',
  http_status: null,
  error: { code: 'timeout_response', message: 'example.com did not answer in time.' },
};

/** A world with one listener; the answers of `answer` are for the run, notifications succeed. */
function worldWith(filters: string[], answer: (attempt: number) => Partial<CallOutcome> = () => ({})): MemoryWorld {
  const world = new MemoryWorld();
  world.events.listeners = [aListener(1, ...filters)];
  world.answer = (call) => {
    const { run, attempt } = world.calls[call]!;
    return world.runs().find(({ id }) => id === run)!.source.type === 'notification' ? {} : answer(attempt);
  };
  return world;
}

async function settle(world: MemoryWorld): Promise<void> {
  while (world.messages.length > 0 || world.dispatched.length > 0) {
    await world.settleDown();
    await dispatchAll(world);
  }
}

async function made(world: MemoryWorld, run: RunDefinition): Promise<void> {
  await createRun(world.ports, run);
  await settle(world);
}

/** The bodies of the notifications that were delivered, oldest first. */
const told = (world: MemoryWorld) =>
  world.requests
    .filter(({ headers }) => 'x-cronflow-signature' in headers)
    .map(({ body }) => JSON.parse(body.toString()));
const names = (world: MemoryWorld) => told(world).map(({ event }) => event);

test('a success is told, in the shape that its receivers know', async () => {
  const world = worldWith(['job.completed']);
  const run = aRun();
  await made(world, run);
  expect(told(world)).toEqual([
    {
      event: 'job.completed',
      timestamp: new Date(START + 20).toISOString(),
      job_id: run.id,
      environment: 'production',
      data: {
        task_id: run.id,
        name: 'billing',
        attempt: 1,
        duration_ms: 20,
        http_status: 200,
        output: 'ok',
        next_run_at: null,
      },
    },
  ]);
});

test('the job is the schedule where there is one; else its name is that of the endpoint or target', async () => {
  const world = worldWith(['job.completed']);
  const id = makeId('sch', START, Buffer.alloc(8, 5));
  const base = { id, project_id: PROJECT_ID };
  world.schedules.set(id, aSchedule({ id, name: 'nightly report', cron: '0 3 * * *' }));
  world.clocks.set(id, { ...base, gen: 1, shard: 0, status: 'active', runs: 1, next_at: START + 60_000 });
  await made(world, aRun({ source: { type: 'schedule', id } }));
  const { endpoint_id: _endpoint, ...inline } = aRun();
  const target = {
    url: 'https://example.com/hook?token=secret#x',
    method: 'POST',
    headers: {},
    timeout_ms: 1_000,
  } as const;
  await made(world, { ...inline, target });
  expect(told(world)).toMatchObject([
    { job_id: id, data: { name: 'nightly report', next_run_at: new Date(START + 60_000).toISOString() } },
    { job_id: inline.id, data: { name: 'https://example.com/hook', next_run_at: null } },
  ]);
});

test('each of two runs that end at the same moment is told of', async () => {
  const world = worldWith(['job.completed']);
  const runs = [aRun(), aRun()];
  for (const run of runs) {
    world.now = START;
    await made(world, run);
  }
  expect(told(world).map(({ timestamp }) => timestamp)).toEqual(Array(2).fill(new Date(START + 20).toISOString()));
  expect(new Set(told(world).map(({ job_id }) => job_id))).toEqual(new Set(runs.map(({ id }) => id)));
});

test('the test of an endpoint is told of to no listener', async () => {
  const world = worldWith(['job.completed']);
  await made(world, aRun({ source: { type: 'test', id: world.endpoint.id } }));
  expect(told(world)).toEqual([]);
});

test('a job of a dialect is told by the ids that the dialect shows', async () => {
  const world = worldWith(['job.completed']);
  const { endpoint_id: _endpoint, ...inline } = aRun();
  const target = { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1_000 } as const;
  await made(world, { ...inline, target, body_format: 'dispatch', title: 'Trial expiry reminder' });
  const id = makeId('sch', START, Buffer.alloc(8, 5));
  const execution = { ...aRun(), target, source: { type: 'manual', id }, body_format: 'cron-service' } as const;
  await made(world, execution);
  const uuid = uuidOf(inline.id);
  expect(told(world)).toMatchObject([
    { job_id: uuid, data: { task_id: uuid, name: 'Trial expiry reminder' } },
    { job_id: id.replace('sch_', 'job_'), data: { task_id: execution.id.replace('run_', 'ex_') } },
  ]);
});

test('it is signed both ways, under its own id, in ten seconds, with the default retries', async () => {
  const world = new MemoryWorld();
  world.events.listeners = [{ ...aListener(1, 'job.*'), timeout_ms: 200_000, retry_policy_id: 'rp_once' }];
  world.policies.set('rp_once', { ...DEFAULT_RETRY_POLICY, max_attempts: 1 });
  let calls = 0;
  world.answer = () => (calls++ === 1 ? FAILED : {});
  await made(world, aRun());
  const [, first, second] = world.requests;
  expect(first!.timeoutMs).toBe(10_000);
  expect(second!.headers['x-cronflow-idempotency-key']).toBe(first!.headers['webhook-id']);
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  expect(first!.headers['x-cronflow-signature']).toBe(createHmac('sha256', secret).update(first!.body).digest('hex'));
  expect(first!.headers['webhook-signature']).toMatch(/^v1,/);
  expect(first!.headers['punctual-event-name']).toBe('job.completed');
  expect(second!.body).toEqual(first!.body);
  expect(world.runs().at(-1)).toMatchObject({ max_attempts: 6 });
});

test('a failure is told once no attempt remains, each timeout as it happens', async () => {
  const world = worldWith(['job.*'], (attempt) => (attempt === 2 ? FAILED : TIMED_OUT));
  const run = aRun();
  await made(world, run);
  expect(names(world)).toEqual(['job.timed_out', 'job.timed_out', 'job.failed']);
  const [first, last, failed] = told(world);
  expect([first.data.attempt, last.data.attempt]).toEqual([1, 3]);
  expect(first.data.timeout_ms).toBe(10_000);
  expect(failed.data).toEqual({
    task_id: run.id,
    name: 'billing',
    attempt: 3,
    duration_ms: 20,
    error_code: 'timeout_response',
    message: 'example.com did not answer in time.',
    retries: 2,
    output: 'ok',
  });
  expect(world.letters.has(run.id)).toBe(true);
});

test('the code of a failure is the status of the answer', async () => {
  const world = worldWith(['job.failed'], () => FAILED);
  await made(world, aRun());
  expect(told(world)[0].data).toMatchObject({ error_code: 503, message: 'The endpoint answered 503.', retries: 2 });
});

test('a failure tells what the target answered, and its stack trace', async () => {
  const stack = 'Error: Database connection pool exhausted\n    at connect (/app/db.js:12:9)';
  const answers = ['Database connection pool exhausted', JSON.stringify({ stack })];
  for (const response_body of answers) {
    const world = worldWith(['job.failed'], () => ({ ...FAILED, response_body }));
    await made(world, aRun());
    const { output, stack_trace } = told(world)[0].data;
    expect({ output, stack_trace }).toEqual({
      output: response_body,
      stack_trace: response_body.includes('/app') ? stack : undefined,
    });
  }
});

test('410 of a job notification is a failure like any other, and the endpoint goes on', async () => {
  const world = new MemoryWorld();
  world.endpoint = anEndpoint({ event_filters: ['job.*'] });
  world.events.listeners = [world.endpoint];
  world.answer = (call) => (call === 0 || call === 3 ? {} : { ...FAILED, http_status: 410 });
  await made(world, aRun());
  const notification = world.runs().find(({ source }) => source.type === 'notification')!;
  expect(world.states.get(notification.id)).toMatchObject({ status: 'success', attempt: 3 });
  expect(world.endpoint.status).toBe('active');
});

test('a job notification that is answered 410 to the end is a dead letter after six attempts', async () => {
  const world = worldWith(['job.*']);
  world.answer = (call) => (call === 0 ? {} : { ...FAILED, http_status: 410 });
  await made(world, aRun());
  expect([...world.letters.values()]).toMatchObject([{ reason: 'attempts_exhausted', attempt: 6 }]);
  expect(world.announced).toEqual([]);
});

test('a run that is replayed and dies again is told of again', async () => {
  const world = worldWith(['job.failed'], () => FAILED);
  const run = aRun();
  await made(world, run);
  await replayDeadLetter(world.ports, world.letters.get(run.id)!);
  await settle(world);
  expect(told(world).map(({ data }) => data.attempt)).toEqual([3, 6]);
});

test('the bare * hears of events alone, and job.completed of nothing else', async () => {
  const world = worldWith(['*'], () => FAILED);
  world.events.listeners.push(aListener(2, 'job.completed'));
  await made(world, aRun());
  await publish(world.ports, anEvent());
  await settle(world);
  expect(names(world)).toEqual([]);
  expect(world.runs().map(({ source }) => source.type)).toEqual(['api', 'event']);
});

test('a notification that fails makes no other', async () => {
  const world = worldWith(['job.*']);
  world.answer = () => FAILED;
  await made(world, aRun());
  expect(world.letters.size).toBe(2);
  expect(world.runs().map(({ source }) => source.type)).toEqual(['api', 'notification']);
});

test('without a listener a delivery makes no call but one look, which is mostly remembered', async () => {
  const world = new MemoryWorld();
  const calls: string[] = [];
  world.at = (moment) => void calls.push(moment);
  await made(world, aRun());
  expect(calls.filter((name) => name.startsWith('before')).map((name) => name.slice('before '.length))).toEqual(
    // Twice the endpoint: for the choice of the lane, and for the call.
    ['endpoint', 'send', 'create', 'definition', 'endpoint', 'begin', 'call', 'advance'],
  );
  expect(world.events.looks).toBe(1);
});

test('endpoint.disabled goes to those who listen, but for the endpoint itself', async () => {
  const world = worldWith(['endpoint.disabled']);
  const broken = anEndpoint({ event_filters: ['endpoint.*'], status: 'disabled' });
  world.events.listeners.push(broken);
  const disabled = { reason: 'answered 410', since: START - 5, at: START };
  await announceDisabled(world.ports, broken, disabled);
  await announceDisabled(world.ports, broken, disabled);
  await settle(world);
  expect(told(world)).toEqual([
    {
      event: 'endpoint.disabled',
      timestamp: new Date(START).toISOString(),
      job_id: broken.id,
      environment: 'production',
      data: {
        endpoint_id: broken.id,
        name: 'billing',
        reason: 'answered 410',
        since: new Date(START - 5).toISOString(),
      },
    },
  ]);
});

describe('a death at every call', () => {
  type Story = [string, (attempt: number) => Partial<CallOutcome>, string[], Tell?];
  type Tell = (world: MemoryWorld, run: RunDefinition) => Promise<void>;
  const again = async (request: () => Promise<void>) => request().catch(request);
  /** Acts as soon as a retry is waiting: before the message of a worker that died after its verdict comes again. */
  const whenWaiting =
    (act: (world: MemoryWorld, run: RunDefinition) => Promise<void>): Tell =>
    async (world, run) => {
      while (world.states.get(run.id)?.status !== 'retry_scheduled') {
        const message = world.messages.shift()!;
        world.now = Math.max(world.now, message.due);
        await world.receive(message.token).catch(() => world.messages.push({ ...message, due: world.now + 60_000 }));
      }
      await act(world, run);
    };

  const stories: Story[] = [
    ['a success', () => ({}), ['job.completed']],
    ['a timeout and a success', (attempt) => (attempt === 1 ? TIMED_OUT : {}), ['job.completed', 'job.timed_out']],
    ['a run that dies', () => TIMED_OUT, ['job.failed', 'job.timed_out', 'job.timed_out', 'job.timed_out']],
    [
      'a timeout whose retry is made now',
      (attempt) => (attempt === 1 ? TIMED_OUT : {}),
      ['job.completed', 'job.timed_out'],
      whenWaiting((world, run) => again(() => runRetryNow(world.ports, run, world.states.get(run.id)!))),
    ],
    [
      'a timeout whose retry is given up',
      () => TIMED_OUT,
      ['job.failed', 'job.timed_out'],
      whenWaiting((world, run) => {
        const waiting = world.states.get(run.id)!;
        return again(() => giveUpRetry(world.ports, run, waiting));
      }),
    ],
    [
      'a timeout whose run is cancelled',
      () => TIMED_OUT,
      ['job.timed_out'],
      whenWaiting((world, run) => again(() => cancelRun(world.ports, run))),
    ],
  ];

  test.each(stories)('%s', async (_name, answer, expected, tell = async () => {}) => {
    for (let dieAt = -1, moments = Infinity; dieAt < moments; dieAt += 1) {
      const world = worldWith(['job.*'], answer);
      const run = aRun({ max_attempts: 3 });
      await createRun(world.ports, run);
      let passed = 0;
      world.at = (moment) => {
        if (passed++ === dieAt) throw new Killed(moment);
      };
      await tell(world, run);
      await settle(world);
      const notifications = world.runs().filter(({ source }) => source.type === 'notification');
      expect({ dieAt, names: notifications.map(({ event }) => event!.name).sort() }).toEqual({
        dieAt,
        names: expected,
      });
      for (const { id } of notifications) expect(world.states.get(id)?.status).toBe('success');
      moments = passed;
    }
  });
});
