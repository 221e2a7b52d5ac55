import { setTimeout as sleep } from 'node:timers/promises';
import { AwsMeter } from '../../../../local/bench/costs/aws-meter.js';
import type { AwsCall } from '../../../../local/interception.js';

const answer = { status: 200, headers: {}, body: Buffer.from('{}') };
const send = (QueueUrl: string, group?: string, bytes = 10): AwsCall => ({
  service: 'sqs',
  operation: 'SendMessageBatch',
  environment: 'Api-1',
  body: Buffer.from(JSON.stringify({ QueueUrl, Entries: [{ MessageGroupId: group, MessageBody: 'x'.repeat(bytes) }] })),
});
const call = (meter: AwsMeter, one: AwsCall, ms = 0) =>
  meter.intercept(one, async () => {
    await sleep(ms);
    return answer;
  });

test('a batch is one request for each started 64 KB, and on a fair queue pays the surcharge', async () => {
  const meter = new AwsMeter(() => '');
  await call(meter, send('plain'));
  expect(meter.byFunction.get('Api')).toMatchObject({ sqsRequests: 1, fairRequests: 0 });
  await call(meter, send('fair', 'ep_1', 100_000));
  expect(meter.byFunction.get('Api')).toMatchObject({ sqsRequests: 3, fairRequests: 2 });
  await call(meter, { ...send('fair'), operation: 'ChangeMessageVisibilityBatch' });
  expect(meter.byFunction.get('Api')).toMatchObject({ sqsRequests: 4, fairRequests: 3 });
  expect(meter.isFair('fair')).toBe(true);
  expect(meter.isFair('plain')).toBe(false);
});

test('calls side by side are one round, calls one after the other as many as they are', async () => {
  const meter = new AwsMeter(() => '');
  await Promise.all([call(meter, send('a')), call(meter, send('a'), 20), call(meter, send('a'))]);
  expect(meter.rounds.get('Api')).toBe(1);
  await call(meter, send('a'));
  await call(meter, send('a'));
  expect(meter.rounds.get('Api')).toBe(3);
});

test('a call that outlasts two others takes back no round', async () => {
  const meter = new AwsMeter(() => '');
  const long = call(meter, send('a'), 60);
  await call(meter, send('a'));
  await call(meter, send('a'));
  await long;
  await call(meter, send('a'));
  expect(meter.rounds.get('Api')).toBe(3);
});

test('a schedule that is created will be invoked', async () => {
  const meter = new AwsMeter(() => '');
  await call(meter, {
    service: 'scheduler',
    operation: 'CreateSchedule',
    environment: 'Deliverer-2',
    body: Buffer.alloc(0),
  });
  expect(meter.byFunction.get('Deliverer')).toMatchObject({ schedulerInvocations: 1, sqsRequests: 0 });
});
