import { readEnvelope } from '../../../functions/intake/envelope.js';
import type { InvalidRequestError } from '../../../functions/primitives/faults.js';
import type { ApiSettings } from '../../../functions/runtime/api-ports.js';

const project = 'proj_0199c0de00017000a1b2c3d4e5f60718';
const read = (body: object | string) =>
  readEnvelope(typeof body === 'string' ? body : JSON.stringify(body), {} as ApiSettings);

function faultsOf(body: object | string): string[] {
  try {
    read(body);
  } catch (error) {
    return (error as InvalidRequestError).faults.map(({ pointer, message }) => `${pointer}: ${message}`);
  }
  return [];
}

test('a body is handed on as it was written', () => {
  const task = '{"payload":{"a":1.50,"task":{"event":1e400},"b":12345678901234567890}}';
  expect(read(`{"project": "${project}", "task": ${task}}`)).toEqual({
    project,
    field: 'task',
    path: '/v1/tasks',
    body: task,
    key: undefined,
    headers: {},
  });
});

test('key and trace go along', () => {
  const trace = { traceparent: '00-x', tracestate: 'punctual=y' };
  expect(read({ version: 1, project, event: {}, idempotency_key: 'k', ...trace })).toMatchObject({
    path: '/v1/events',
    body: '{}',
    key: 'k',
    headers: trace,
  });
});

test.each([
  ['invoice.paid', 'invoice.paid'],
  ['Order Paid', 'Order_Paid'],
  ['EC2 Instance State-change Notification', 'EC2_Instance_State-change_Notification'],
  ['a/b (c) – d', 'a_b__c____d'],
])('EventBridge’s detail-type %j is the name %j', (type, name) => {
  const asked = read({ project, eventbridge: { id: 'e-1', 'detail-type': type, source: 'x', detail: { n: 1.5 } } });
  expect(asked).toMatchObject({ key: 'e-1', path: '/v1/events', body: `{"event_name":"${name}","payload":{"n":1.5}}` });
});

test('a key of the sender wins over the id of the event', () => {
  const eventbridge = { id: 'e-1', 'detail-type': 'x', detail: {} };
  expect(read({ project, eventbridge, idempotency_key: 'k' }).key).toBe('k');
});

test.each<[object | string, RegExp]>([
  ['', /^: Send JSON/],
  ['[]', /object/],
  [{ project }, /exactly one of task, event, eventbridge/],
  [{ project, task: {}, event: {} }, /exactly one of/],
  [{ project, task: 'text' }, /^\/task: Must be an object/],
  [{ project, task: [] }, /^\/task: Must be an object/],
  [{ project: 'billing', task: {} }, /^\/project: Must be an id/],
  [{ project, task: {}, version: 2 }, /^\/version: Must be 1/],
  [{ project, task: {}, idempotencyKey: 'k' }, /^\/idempotencyKey: Unknown field.*idempotency_key/],
  [{ project, eventbridge: { 'detail-type': 'x', detail: {} } }, /^\/eventbridge\/id: Required/],
  [`{"project": "${project}", "task": {}, "task": {}}`, /^\/task: Given more than once/],
  [`{"project": "${project}", "task": ${'['.repeat(100_000)}`, /Nested deeper/],
])('%j is refused', (body, fault) => {
  expect(faultsOf(body)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
});
