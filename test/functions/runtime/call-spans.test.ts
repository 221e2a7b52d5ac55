import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { CallOutcome } from '../../../functions/destinations/outcome.js';
import { createSpanSender, withSpans } from '../../../functions/runtime/call-spans.js';

const TRACE = '01a22ebd11867000b45de5861fdc7d2d';
const HEADERS = {
  'webhook-id': `run_${TRACE}`,
  'punctual-attempt': '2',
  traceparent: `00-${TRACE}-b59c26e1d4864b3d-01`,
  authorization: 'Bearer secret',
};
const REQUEST = { headers: HEADERS, body: Buffer.from('content'), timeoutMs: 1_000 };
const SUCCESS: CallOutcome = {
  status: 'success',
  http_status: 200,
  response_headers: {},
  response_body: 'answer',
  error: null,
  started_at: 1_796_080_473_076,
  finished_at: 1_796_080_473_140,
};
const FAILED: CallOutcome = {
  ...SUCCESS,
  status: 'timed_out',
  http_status: null,
  error: { code: 'timeout_response', message: 'example.com did not answer in time.' },
};

afterEach(() => {
  delete process.env['_X_AMZN_TRACE_ID'];
});

async function spansOf(outcome: CallOutcome, invocation?: string): Promise<object[]> {
  if (invocation !== undefined) process.env['_X_AMZN_TRACE_ID'] = invocation;
  const sent: object[] = [];
  const call = withSpans(async () => outcome, sent.push.bind(sent));
  expect(await call('destination', REQUEST)).toBe(outcome);
  return sent;
}

const RECORDED = 'Root=1-6a0e1c59-8d2f1f1f7a3b4c5d6e7f8091;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a:0';

test('a call of a recorded invocation is a span of it, by the id that the receiver got', async () => {
  expect(await spansOf(SUCCESS, RECORDED)).toEqual([
    {
      id: 'b59c26e1d4864b3d',
      trace_id: '1-6a0e1c59-8d2f1f1f7a3b4c5d6e7f8091',
      parent_id: '53995c3f42cd8ad8',
      name: 'attempt',
      type: 'subsegment',
      namespace: 'remote',
      start_time: 1_796_080_473.076,
      end_time: 1_796_080_473.14,
      http: { response: { status: 200 } },
      annotations: { run: `run_${TRACE}`, attempt: 2, trace: TRACE, status: 'success' },
    },
  ]);
});

test('a call that failed is a fault, with the code of its error', async () => {
  const [span] = await spansOf(FAILED, RECORDED);
  expect(span).toMatchObject({ fault: true, annotations: { status: 'timed_out', error: 'timeout_response' } });
  expect(span).not.toHaveProperty('http');
});

test('a span holds nothing of what is sent or answered', async () => {
  const text = JSON.stringify([await spansOf(SUCCESS, RECORDED), await spansOf(FAILED, RECORDED)]);
  expect(text).not.toMatch(/secret|content|answer|example\.com/);
});

test.each([
  ['is not recorded', RECORDED.replace('Sampled=1', 'Sampled=0')],
  ['has no segment', 'Root=1-6a0e1c59-8d2f1f1f7a3b4c5d6e7f8091;Sampled=1'],
  ['has no trace', undefined],
])('a call of an invocation that %s sends nothing', async (_, invocation) => {
  expect(await spansOf(SUCCESS, invocation)).toEqual([]);
});

test("a span is a datagram to X-Ray's daemon", async () => {
  const daemon = createSocket('udp4');
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  createSpanSender(`127.0.0.1:${daemon.address().port}`)({ id: 'b59c26e1d4864b3d' });
  const [datagram] = await once(daemon, 'message');
  daemon.close();
  expect(String(datagram)).toBe('{"format":"json","version":1}\n{"id":"b59c26e1d4864b3d"}');
});
