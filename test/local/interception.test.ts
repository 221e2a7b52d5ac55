import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { startDynamoDb } from '../../local/dynamodb/server.js';
import { type AwsCall, type Interceptor, startInterception } from '../../local/interception.js';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };

const notReached = () => {
  throw new Error('forwarded');
};

async function listTablesThrough(intercept: Interceptor, userAgentAppId = 'Api-7'): Promise<unknown> {
  const server = await startDynamoDb();
  const between = await startInterception('dynamodb', server.answer, intercept);
  const client = new DynamoDBClient({ ...access, endpoint: between.url, userAgentAppId });
  try {
    return await client.send(new ListTablesCommand({}));
  } finally {
    client.destroy();
    await between.close();
    await server.close();
  }
}

test('every call is seen: service, operation, the environment that makes it', async () => {
  const calls: AwsCall[] = [];
  const answer = await listTablesThrough((call, forward) => {
    calls.push(call);
    return forward();
  });
  expect(answer).toMatchObject({ TableNames: [] });
  expect(calls).toMatchObject([{ service: 'dynamodb', operation: 'ListTables', environment: 'Api-7' }]);
});

test('an environment is known by its own name, also with that of Powertools behind it', async () => {
  const names: string[] = [];
  const note: Interceptor = (call, forward) => {
    names.push(call.environment);
    return forward();
  };
  await listTablesThrough(note, 'a-b-12-PT-NO-OP-2.35.0-PTEnv-NA');
  expect(names).toEqual(['a-b-12']);
});

test('a call can be kept from taking effect, and its answer from being heard', async () => {
  await expect(listTablesThrough(async () => undefined)).rejects.toThrow();
  await expect(
    listTablesThrough(async (_call, forward) => {
      await forward();
      return undefined;
    }),
  ).rejects.toThrow();
});

test('another answer can be given in its place', async () => {
  const body = Buffer.from(JSON.stringify({ __type: 'com.amazonaws#ProvisionedThroughputExceededException' }));
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  await expect(listTablesThrough(async () => ({ status: 400, headers, body }))).rejects.toThrow(
    expect.objectContaining({ name: 'ProvisionedThroughputExceededException' }),
  );
});

test('calls of the REST protocol are named too', async () => {
  const names: string[] = [];
  const between = await startInterception('scheduler', notReached, async ({ operation }) => {
    names.push(operation);
    return { status: 200, headers: {}, body: Buffer.from('{}') };
  });
  const client = new SchedulerClient({ ...access, endpoint: between.url });
  await client.send(new DeleteScheduleCommand({ Name: 'x', GroupName: 'g' }));
  client.destroy();
  await between.close();
  expect(names).toEqual(['DeleteSchedule']);
});
