import { asAttributes, messageFault, orderOf } from '../../../../functions/destinations/aws/attributes.js';
import { buildDeliveryRequest } from '../../../../functions/destinations/request.js';

const ARN = 'arn:aws:sqs:eu-central-1:123456789012:orders';
const RUN = 'run_01999999999900000123456789abcdef';

const requestOf = (more: object, scheduleId?: string) =>
  buildDeliveryRequest({
    run: { id: RUN, payload: { format: 'json', body: '{}' }, due: 0, ...more },
    ...(scheduleId !== undefined && { scheduleId }),
    destination: { type: 'sqs', arn: ARN, timeout_ms: 1_000 },
    attempt: 2,
    nonce: 'att_01999999999900000123456789abcdef',
    secrets: ['whsec_AAAA', 'whsec_BBBB'],
    version: '1',
    now: 1_000,
  });

test.each([
  ['of a task', {}, undefined],
  ['of a schedule', {}, 'sch_01999999999900000123456789abcdef'],
  ['of an event', { event: { name: 'order.paid', key: 'a b' } }, undefined],
])('a message %s has at most ten attributes, the key and the signature among them', (_what, more, schedule) => {
  const { headers, shownHeaders } = requestOf(more, schedule);
  expect(Object.keys(headers).length).toBeLessThanOrEqual(10);
  expect(headers).toMatchObject({
    'idempotency-key': RUN,
    'webhook-id': RUN,
    'webhook-timestamp': '1',
    'webhook-signature': expect.stringMatching(/^v1,\S+ v1,\S+$/),
    traceparent: expect.stringMatching(/^00-/),
    'punctual-attempt': '2',
  });
  expect(shownHeaders).toEqual(headers);
});

test("an event's name and key are among the ten", () => {
  const { headers } = requestOf({ event: { name: 'order.paid', key: 'a b' } });
  expect(headers).toMatchObject({ 'punctual-event-name': 'order.paid', 'punctual-event-key': 'a%20b' });
});

test('what is not there is no attribute: SQS takes no empty one', () => {
  expect(asAttributes({ 'idempotency-key': 'a', tracestate: '' })).toEqual({ 'idempotency-key': 'a' });
});

test('all of the largest attributes and our largest payload fit into a message of 1 MiB', () => {
  const largest = Object.entries(requestOf({ event: { name: 'a'.repeat(128), key: '😀'.repeat(256) } }).headers);
  const bytes = largest.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  expect(256 * 1024 + bytes).toBeLessThan(1024 * 1024);
});

describe('a FIFO queue', () => {
  const order = (group: string) => orderOf(`${ARN}.fifo`, { 'idempotency-key': RUN }, group);

  test('deduplicates by the idempotency key, and orders by the group', () => {
    expect(order('customer-7')).toEqual({ MessageDeduplicationId: RUN, MessageGroupId: 'customer-7' });
    expect(orderOf(ARN, { 'idempotency-key': RUN }, 'customer-7')).toEqual({});
  });

  test.each(['a b', 'ä', 'x'.repeat(129), ''])('gets a group that SQS takes for the key %j', (key) => {
    expect(order(key)).toMatchObject({ MessageGroupId: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

test.each([
  [undefined, 'never empty'],
  [{ format: 'text', body: '' }, 'never empty'],
  [{ format: 'text', body: 'a\u0000b' }, 'control characters'],
  [{ format: 'json', body: '"\ufffe"' }, 'control characters'],
  [{ format: 'json', body: '{"a":"😀"}' }, undefined],
] as const)('as a message, %j: %s', (payload, expected) => {
  const fault = messageFault(payload);
  expect(expected === undefined ? fault : fault?.includes(expected)).toBe(expected === undefined ? undefined : true);
});
