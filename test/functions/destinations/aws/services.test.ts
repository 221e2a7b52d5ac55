import type { Destination } from '../../../../functions/destinations/registry.js';
import type { LoopbackServer } from '../../../../local/loopback-server.js';
import { startReceiver } from '../../../../local/receiver.js';
import { receivedBy } from '../../../support/tenant.js';
import { callAws, IN_TEST, pointSdkAt, RUN } from './aws-under-test.js';

const timeout_ms = 2_000;
const topic = (name: string) => ({ type: 'sns', arn: `arn:aws:sns:${IN_TEST}:${name}`, timeout_ms }) as const;
const bus = (name: string) =>
  ({ type: 'eventbridge', arn: `arn:aws:events:${IN_TEST}:event-bus/${name}`, source: 'shop', timeout_ms }) as const;
const fn = (name: string, invocation: 'RequestResponse' | 'Event' = 'RequestResponse') =>
  ({ type: 'lambda', arn: `arn:aws:lambda:${IN_TEST}:function:${name}`, invocation, timeout_ms }) as const;
const machine = (name: string) =>
  ({ type: 'stepfunctions', arn: `arn:aws:states:${IN_TEST}:stateMachine:${name}`, timeout_ms }) as const;

let receiver: LoopbackServer;
beforeAll(async () => {
  receiver = await startReceiver();
  for (const service of ['SNS', 'EVENTBRIDGE', 'LAMBDA', 'SFN']) pointSdkAt(service, receiver.url);
});
afterAll(() => receiver.close());

/** What came of a call, and what came at the service. */
async function called(destination: Destination, request: Parameters<typeof callAws>[1] = {}) {
  const outcome = await callAws(destination, request);
  const received = await receivedBy(receiver.url, RUN);
  return { outcome, received: received.filter(({ path }) => path === (destination as { arn: string }).arn) };
}

const SUCCESS = { status: 'success', http_status: null, error: null };
const TRACE = 'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1';

test('a topic gets the body, and the headers as attributes', async () => {
  const { outcome, received } = await called(topic('orders'));
  expect(outcome).toMatchObject({ ...SUCCESS, response_body: expect.stringContaining('MessageId') });
  expect(received).toMatchObject([{ method: 'Publish', body: '{"a":1}', headers: { 'idempotency-key': RUN } }]);
});

test('a FIFO topic gets group and deduplication id, too', async () => {
  const { received } = await called(topic('orders.fifo'));
  expect(received).toMatchObject([{ headers: { MessageGroupId: 'group', MessageDeduplicationId: RUN } }]);
});

test.each([
  ['order.paid', 'order.paid'],
  ['x'.repeat(200), 'x'.repeat(128)],
  [undefined, 'task'],
])('an event on a bus has the name %s as its detail-type', async (name, expected) => {
  const { outcome, received } = await called(bus(`of-${name?.length}`), { delivery: { group: 'g', name } });
  expect(outcome).toMatchObject({ ...SUCCESS, response_body: expect.stringContaining('EventId') });
  const headers = { source: 'shop', 'detail-type': expected, 'trace-header': TRACE };
  expect(received).toMatchObject([{ method: 'PutEvents', body: '{"a":1}', headers }]);
});

test('a function gets what its function URL would give it', async () => {
  const { outcome, received } = await called(fn('orders'));
  expect(outcome).toMatchObject({ ...SUCCESS, response_body: '{"statusCode":200,"body":"ok"}' });
  expect(JSON.parse(received[0]!.body)).toMatchObject({
    version: '2.0',
    headers: { 'idempotency-key': RUN },
    body: '{"a":1}',
    isBase64Encoded: false,
  });
  expect(received[0]!.headers['invocation']).toBe('RequestResponse');
});

test('a function that is not waited for is taken by the queue of Lambda', async () => {
  const { outcome, received } = await called(fn('queued', 'Event'));
  expect(outcome).toMatchObject(SUCCESS);
  expect(received[0]!.headers['invocation']).toBe('Event');
});

test('an execution is named by the key, so that a repeat starts no other one', async () => {
  const { outcome, received } = await called(machine('orders'));
  expect(outcome).toMatchObject({ ...SUCCESS, response_body: expect.stringContaining(`execution:orders:${RUN}`) });
  expect(received).toMatchObject([{ method: 'StartExecution', body: '{"a":1}', headers: { 'trace-header': TRACE } }]);
  expect((await called(machine('orders'))).outcome).toMatchObject(SUCCESS);
  // The service says so of an execution that has ended, or had another input.
  const again = await called(machine('orders'), { body: Buffer.from('{"a":2}') });
  expect(again.outcome).toMatchObject({ ...SUCCESS, response_body: expect.stringContaining('Already Exists') });
});

test.each<[string, Destination, string]>([
  ['a topic', topic('fail'), 'ThrottledException'],
  ['an entry of a bus', bus('fail'), 'ThrottlingException'],
  ['a function', fn('fail'), 'function_error'],
  ['the queue of a function', fn('fail', 'Event'), 'TooManyRequestsException'],
  ['a state machine', machine('fail'), 'ThrottlingException'],
  ['a missing topic', topic('missing'), 'NotFoundException'],
  ['a missing function', fn('missing'), 'ResourceNotFoundException'],
  ['a missing state machine', machine('missing'), 'StateMachineDoesNotExist'],
])('%s that fails is a failed attempt', async (_what, destination, code) => {
  const { outcome } = await called(destination);
  expect(outcome).toMatchObject({ status: 'failed', http_status: null, error: { code } });
});
