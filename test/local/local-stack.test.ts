import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalStack, startLocalStack } from '../../local/local-stack.js';
import { temporaryFolder } from './temporary-folder.js';
import { tinyStack } from './tiny-stack.js';

const folder = temporaryFolder();
const synthesized = tinyStack(folder);
const running: LocalStack[] = [];
afterEach(() => Promise.all(running.splice(0).map((stack) => stack.close())));

async function start(data?: string): Promise<LocalStack> {
  const stack = await startLocalStack({ synthesized, log: () => {}, ...(data !== undefined && { data }) });
  running.push(stack);
  return stack;
}

const access = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

async function arrivals(stack: LocalStack): Promise<unknown[]> {
  for (;;) {
    const list = (await (await fetch(`${stack.receiver}/received`)).json()) as unknown[];
    if (list.length > 0) return list;
    await sleep(20);
  }
}

test('a request goes its whole way: HTTP API, function, queue, function, receiver', async () => {
  const stack = await start();
  const body = `${stack.receiver}/ok`;
  const response = await fetch(`${stack.api}/x`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
  expect([response.status, await response.text()]).toEqual([202, stack.operatorKey]);
  expect(stack.operatorKey).toMatch(/^[0-9A-Za-z]{43}$/);
  expect(await arrivals(stack)).toMatchObject([{ method: 'POST', path: '/ok', headers: { 'webhook-id': 'tiny' } }]);
  expect(stack.functions.map(({ definition }) => definition.name)).toEqual(['Api', 'Worker']);
  expect(stack.functionPool('Work').workers()).toHaveLength(1);
});

test('the functions reach local servers alone, with dummy credentials', async () => {
  const stack = await start();
  const { environment } = stack.functionPool('Api').definition;
  const urls = Object.entries(environment).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'));
  expect(urls).toHaveLength(9);
  for (const [, url] of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(environment).toMatchObject({ AWS_ACCESS_KEY_ID: 'local', QUEUE_URL: stack.queueUrl('JobsQueue') });
});

test('the data folder brings back messages, items, schedules, secrets and the receiver', async () => {
  const data = `${folder}/data`;
  const first = await start(data);
  const item = { TableName: 'Things', Item: { pk: { S: 'a' }, n: { N: '1' } } };
  await new DynamoDBClient({ ...access, endpoint: first.dynamodb }).send(new PutItemCommand(item));
  const message = { QueueUrl: first.queueUrl('Idle'), MessageBody: 'kept' };
  await new SQSClient({ ...access, endpoint: first.sqs }).send(new SendMessageCommand(message));
  await new SchedulerClient({ ...access, endpoint: first.scheduler }).send(
    new CreateScheduleCommand({
      Name: 'soon',
      GroupName: 'tiny-group',
      ScheduleExpression: `at(${new Date(Date.now() + 1_000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:sqs:us-east-1:000000000000:Idle',
        RoleArn: 'arn:aws:iam::000000000000:role/any',
        Input: 'woken',
      },
    }),
  );
  await running.pop()!.close();

  const second = await start(data);
  expect([second.operatorKey, second.receiver]).toEqual([first.operatorKey, first.receiver]);
  const found = await new DynamoDBClient({ ...access, endpoint: second.dynamodb }).send(
    new GetItemCommand({ TableName: 'Things', Key: { pk: { S: 'a' } } }),
  );
  expect(found.Item?.['n']).toEqual({ N: '1' });
  await sleep(1_000);
  await second.tick();
  const sqs = new SQSClient({ ...access, endpoint: second.sqs });
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: second.queueUrl('Idle'), MaxNumberOfMessages: 10 }),
  );
  expect(Messages?.map(({ Body }) => Body).sort()).toEqual(['kept', 'woken']);
});

test('a second stack on the same folder is refused, and harms nothing', async () => {
  const data = `${folder}/shared`;
  const stack = await start(data);
  await expect(start(data)).rejects.toThrow('is in use by another local stack');
  expect((await fetch(`${stack.api}/x`, { method: 'POST', body: 'x' })).status).toBe(202);
});

test('a start that fails leaves neither lock nor port behind', async () => {
  const data = `${folder}/failing`;
  const { template, assets } = synthesized;
  const Broken = { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { 'Fn::ImportValue': 'x' } } };
  const broken = { template: { ...template, Resources: { ...template.Resources, Broken } }, assets };
  const failure = startLocalStack({ synthesized: broken, data, log: () => {} });
  await expect(failure).rejects.toThrow('Broken.FunctionName: Fn::ImportValue is not supported locally');
  await start(data);
});

test('a taken port is an error', async () => {
  const { port } = new URL((await start()).api);
  await expect(startLocalStack({ synthesized, port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
