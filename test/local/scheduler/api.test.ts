import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  paginateListSchedules,
  SchedulerClient,
  TagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { type SchedulerServer, startScheduler } from '../../../local/scheduler/server.js';

let server: SchedulerServer;
let client: SchedulerClient;

beforeEach(async () => {
  server = await startScheduler({ send: () => {}, now: () => Date.UTC(2030, 0, 1) });
  server.defineGroup('wake-ups');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SchedulerClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const WAKE_UP: CreateScheduleCommandInput = {
  Name: 'wake-up_1.a',
  GroupName: 'wake-ups',
  ScheduleExpression: 'at(2031-01-01T09:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: 'arn:aws:sqs:us-east-1:000000000000:wake-ups',
    RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
    Input: '{"🚀":1}',
  },
};
const ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule/wake-ups/wake-up_1.a';

const create = (more: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand({ ...WAKE_UP, ...more }));
const get = (Name = WAKE_UP.Name, GroupName = WAKE_UP.GroupName) =>
  client.send(new GetScheduleCommand({ Name, GroupName }));

describe('schedules', () => {
  test('are created and read with the defaults of AWS', async () => {
    const StartDate = new Date('2030-05-01T00:00:00Z');
    expect(await create({ StartDate, ActionAfterCompletion: 'DELETE' })).toMatchObject({ ScheduleArn: ARN });
    expect(await get()).toMatchObject({
      ...WAKE_UP,
      Arn: ARN,
      StartDate,
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'DELETE',
      CreationDate: new Date(Date.UTC(2030, 0, 1)),
      LastModificationDate: new Date(Date.UTC(2030, 0, 1)),
      Target: { ...WAKE_UP.Target, RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } },
    });
  });

  test('of the same name are a conflict, the same call once more is none', async () => {
    await create({ ClientToken: 'token-1' });
    await expect(create({ ClientToken: 'token-1' })).resolves.toMatchObject({ ScheduleArn: ARN });
    await expect(create({ ClientToken: 'token-2' })).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Schedule wake-up_1.a already exists.',
      $metadata: { httpStatusCode: 409 },
    });
    await expect(create()).rejects.toMatchObject({ name: 'ConflictException' });
    await create({ GroupName: 'default' });
  });

  test('are replaced as a whole by an update', async () => {
    await create({ Description: 'old', State: 'DISABLED', ActionAfterCompletion: 'DELETE' });
    const { Description: _, ...changed } = {
      ...WAKE_UP,
      ScheduleExpression: 'at(2032-01-01T09:00:00)',
      Description: '',
    };
    await client.send(new UpdateScheduleCommand(changed));
    const updated = await get();
    expect(updated).toMatchObject({
      ScheduleExpression: 'at(2032-01-01T09:00:00)',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
    });
    expect(updated.Description).toBeUndefined();
  });

  test('are gone after their deletion', async () => {
    await create();
    await client.send(new DeleteScheduleCommand({ Name: WAKE_UP.Name, GroupName: WAKE_UP.GroupName }));
    const missing = {
      name: 'ResourceNotFoundException',
      message: 'Schedule wake-up_1.a does not exist.',
      $metadata: { httpStatusCode: 404 },
    };
    await expect(get()).rejects.toMatchObject(missing);
    await expect(client.send(new UpdateScheduleCommand(WAKE_UP))).rejects.toMatchObject(missing);
    const { Name, GroupName } = WAKE_UP;
    await expect(client.send(new DeleteScheduleCommand({ Name, GroupName }))).rejects.toMatchObject(missing);
  });

  test('are listed by group, prefix and state, page by page', async () => {
    for (const Name of ['b-2', 'a-1', 'b-1', 'b-3']) await create({ Name });
    await create({ Name: 'b-0', GroupName: 'default' });
    await create({ Name: 'b-9', State: 'DISABLED' });
    const request = { GroupName: 'wake-ups', NamePrefix: 'b-', State: 'ENABLED' as const };
    const names: string[][] = [];
    for await (const page of paginateListSchedules({ client, pageSize: 2 }, request)) {
      names.push(page.Schedules!.map((schedule) => schedule.Name!));
    }
    expect(names).toEqual([['b-1', 'b-2'], ['b-3']]);
    const { Schedules } = await client.send(new ListSchedulesCommand({ NamePrefix: 'b-0' }));
    expect(Schedules).toMatchObject([{ Name: 'b-0', GroupName: 'default', Target: { Arn: WAKE_UP.Target!.Arn } }]);
  });

  test.each<[string, object, string]>([
    [
      'a name too long',
      { Name: 'x'.repeat(65) },
      "Value at 'name' failed to satisfy constraint: Member must have length",
    ],
    ['a name with a space', { Name: 'a b' }, 'Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$'],
    ['no flexible time window', { FlexibleTimeWindow: undefined }, "Value at 'flexibleTimeWindow'"],
    ['a flexible window without length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'MaximumWindowInMinutes is'],
    ['no target', { Target: undefined }, "Value at 'target'"],
    ['no role', { Target: { Arn: WAKE_UP.Target!.Arn } }, "Value at 'target.roleArn'"],
    ['an unknown expression', { ScheduleExpression: 'soon' }, 'Invalid Schedule Expression soon.'],
    ['a date that does not exist', { ScheduleExpression: 'at(2030-02-30T00:00:00)' }, 'Invalid Schedule Expression at'],
    ['a moment with a zone', { ScheduleExpression: 'at(2030-01-01T00:00:00Z)' }, 'Invalid Schedule Expression at'],
    ['what recurs', { ScheduleExpression: 'rate(1 day)' }, 'Only at(...) is served here.'],
    ['no input', { Target: { Arn: WAKE_UP.Target!.Arn, RoleArn: WAKE_UP.Target!.RoleArn } }, "Value at 'target.input'"],
    ['an unknown zone', { ScheduleExpressionTimezone: 'Mars/Base' }, 'Invalid Schedule Expression Timezone Mars/Base.'],
    ['input above 256 KB', { Target: { ...WAKE_UP.Target, Input: '€'.repeat(90_000) } }, "Value at 'target.input'"],
    [
      'too many retries',
      { Target: { ...WAKE_UP.Target, RetryPolicy: { MaximumRetryAttempts: 186 } } },
      'less than or equal to 185',
    ],
    ['an end before its start', { StartDate: new Date(2e12), EndDate: new Date(1e12) }, 'must come before the EndDate'],
  ])('refuses %s', async (_, change, message) => {
    await expect(create(change)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

test('a group that does not exist has no schedules', async () => {
  await expect(create({ GroupName: 'nowhere' })).rejects.toThrow('Schedule group nowhere does not exist.');
});

test('an operation that is not served says so', async () => {
  const tag = new TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: 'a', Value: 'b' }] });
  await expect(client.send(tag)).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
