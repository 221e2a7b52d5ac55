import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { type SchedulerServer, startScheduler } from '../../../local/scheduler/server.js';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:wake-ups';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:dead';
const START = Date.parse('2030-01-01T00:00:00Z');

let server: SchedulerServer;
let client: SchedulerClient;
let now: number;
let sent: [queueArn: string, body: string][];
let failures: number;
let folder: string;

beforeEach(() => {
  now = START;
  sent = [];
  failures = 0;
  folder = mkdtempSync(join(tmpdir(), 'scheduler-'));
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<Parameters<typeof startScheduler>[0]> = {}): Promise<void> {
  const send = (queueArn: string, body: string) => {
    if (queueArn === QUEUE && failures-- > 0) throw new Error('queue is out of order');
    sent.push([queueArn, body]);
  };
  server = await startScheduler({ send, now: () => now, ...options });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SchedulerClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

const TARGET = { Arn: QUEUE, RoleArn: 'arn:aws:iam::000000000000:role/scheduler' };

function schedule(Name: string, ScheduleExpression: string, more: Partial<CreateScheduleCommandInput> = {}) {
  const Target = { ...TARGET, Input: Name };
  return { Name, ScheduleExpression, FlexibleTimeWindow: { Mode: 'OFF' as const }, Target, ...more };
}

const create = (...args: Parameters<typeof schedule>) => client.send(new CreateScheduleCommand(schedule(...args)));
const names = async () => (await client.send(new ListSchedulesCommand({}))).Schedules!.map(({ Name }) => Name);
const bodies = () => sent.map(([, body]) => body);

async function passes(ms: number): Promise<void> {
  now += ms;
  await server.tick();
}

test('a one-time schedule fires at its second, once, and is deleted only if it says so', async () => {
  await start();
  await create('kept', 'at(2030-01-01T00:01:00)');
  await create('gone', 'at(2030-01-01T00:01:00)', { ActionAfterCompletion: 'DELETE' });
  await passes(59_999);
  expect(sent).toEqual([]);
  await passes(1);
  expect(bodies().sort()).toEqual(['gone', 'kept']);
  expect(await names()).toEqual(['kept']);
  await passes(3600_000);
  expect(sent).toHaveLength(2);
});

test('by the real clock it fires within the second, without being ticked', async () => {
  await start({ now: Date.now });
  const due = Math.ceil(Date.now() / 1000) * 1000 + 1000;
  await create('soon', `at(${new Date(due).toISOString().slice(0, 19)})`, { ActionAfterCompletion: 'DELETE' });
  await create('in two months', `at(${new Date(due + 60 * 86_400_000).toISOString().slice(0, 19)})`.replace(' ', '-'), {
    Name: 'far',
  });
  while (sent.length === 0) await sleep(5);
  expect(Date.now() - due).toBeGreaterThanOrEqual(0);
  expect(Date.now() - due).toBeLessThan(500);
  await sleep(20);
  expect(await names()).toEqual(['far']);
});

test('a moment already past fires at once', async () => {
  await start();
  await create('late', 'at(2029-12-31T00:00:00)', { ActionAfterCompletion: 'DELETE' });
  while (sent.length === 0) await sleep(5);
  expect(bodies()).toEqual(['late']);
});

test('disabled and deleted schedules do not fire', async () => {
  await start();
  await create('disabled', 'at(2030-01-01T00:00:01)', { State: 'DISABLED' });
  await create('deleted', 'at(2030-01-01T00:00:01)');
  await client.send(new DeleteScheduleCommand({ Name: 'deleted' }));
  await passes(5000);
  expect(sent).toEqual([]);
  await client.send(new UpdateScheduleCommand(schedule('disabled', 'at(2030-01-01T00:00:01)')));
  await server.tick();
  expect(bodies()).toEqual(['disabled']);
});

test('an update fires again only if it changes the time', async () => {
  await start();
  await create('moved', 'at(2030-01-01T00:00:01)');
  await passes(1000);
  await client.send(new UpdateScheduleCommand(schedule('moved', 'at(2030-01-01T00:00:01)', { Description: 'x' })));
  await passes(1000);
  expect(sent).toHaveLength(1);
  await client.send(new UpdateScheduleCommand(schedule('moved', 'at(2030-01-01T00:00:05)')));
  await passes(3000);
  expect(sent).toHaveLength(2);
});

test('fills in the context attributes', async () => {
  await start();
  const Input = '<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>';
  await create('context', 'at(2030-01-01T00:00:01)', { Target: { ...TARGET, Input } });
  await passes(2000);
  const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/context';
  expect(bodies()).toEqual([`${arn} 2030-01-01T00:00:01Z 1`]);
});

describe('a target that fails', () => {
  const withRetries = (MaximumRetryAttempts: number, MaximumEventAgeInSeconds = 3600) => ({
    ActionAfterCompletion: 'DELETE' as const,
    Target: {
      ...TARGET,
      Input: 'stubborn',
      RetryPolicy: { MaximumRetryAttempts, MaximumEventAgeInSeconds },
      DeadLetterConfig: { Arn: DEAD_LETTERS },
    },
  });

  test('is tried again with growing pauses, and the schedule deleted after the success', async () => {
    await start();
    failures = 2;
    await create('stubborn', 'at(2030-01-01T00:00:01)', withRetries(5));
    await passes(1000);
    await passes(999);
    expect(failures).toBe(1);
    await passes(1);
    expect(failures).toBe(0);
    expect(await names()).toEqual(['stubborn']);
    await passes(1999);
    expect(sent).toEqual([]);
    await passes(1);
    expect(sent).toEqual([[QUEUE, 'stubborn']]);
    expect(await names()).toEqual([]);
  });

  test('ends in the dead-letter queue after the last attempt', async () => {
    await start();
    failures = 3;
    await create('stubborn', 'at(2030-01-01T00:00:01)', withRetries(2));
    for (let second = 0; second < 10; second++) await passes(1000);
    expect(failures).toBe(0);
    expect(sent).toEqual([[DEAD_LETTERS, 'stubborn']]);
    expect(await names()).toEqual([]);
  });

  test('ends there too when it grows too old', async () => {
    await start();
    failures = 1000;
    await create('stubborn', 'at(2030-01-01T00:00:01)', withRetries(185, 60));
    for (let second = 0; second < 61; second++) await passes(1000);
    expect(sent).toEqual([[DEAD_LETTERS, 'stubborn']]);
    expect(failures).toBe(1000 - 6); // at 0, 1, 3, 7, 15 and 31 seconds
  });
});

describe('across restarts', () => {
  const journalFile = () => join(folder, 'scheduler.jsonl');

  test('what fell due while nothing ran fires at the start, what fired does not', async () => {
    await start({ journalFile: journalFile() });
    await create('before', 'at(2030-01-01T00:00:01)');
    await create('missed', 'at(2030-01-01T00:01:00)', { ActionAfterCompletion: 'DELETE' });
    await create('later', 'at(2030-01-02T00:00:00)');
    await passes(1000);
    await stop();
    expect(bodies()).toEqual(['before']);
    now += 3600_000;
    await start({ journalFile: journalFile() });
    while (sent.length < 2) await sleep(5);
    await server.tick();
    expect(bodies()).toEqual(['before', 'missed']);
    expect(await names()).toEqual(['before', 'later']);
  });

  test('an invocation under way when the process died is sent again, though its schedule is gone', async () => {
    const journal = { journalFile: journalFile() };
    failures = 1;
    await start(journal);
    await create('torn', 'at(2030-01-01T00:00:01)');
    await passes(1000);
    expect(failures).toBe(0);
    await client.send(new DeleteScheduleCommand({ Name: 'torn' }));
    await stop();
    await start(journal);
    await server.tick();
    expect(bodies()).toEqual(['torn']);
    await stop();
    await start(journal);
    await server.tick();
    expect(sent).toHaveLength(1);
  });

  test('the journal does not grow without bounds', async () => {
    await start({ journalFile: journalFile() });
    const at = (ms: number) => `at(${new Date(ms).toISOString().slice(0, 19)})`;
    for (let minute = 0; minute < 600; minute++) {
      await create('busy', at(now), { ActionAfterCompletion: 'DELETE' });
      await passes(60_000);
    }
    await create('last', at(now + 60_000));
    expect(readFileSync(journalFile(), 'utf8').split('\n').length).toBeLessThan(1100);
    await stop();
    sent = [];
    await start({ journalFile: journalFile() });
    await server.tick();
    expect(sent).toEqual([]);
    await passes(60_000);
    expect(bodies()).toEqual(['last']);
  });
});
