import {
  DEFAULT_RETRY_POLICY,
  isRetryable,
  parseRetryAfter,
} from '../../../../functions/subjects/retry-policies/retry-policy.js';
import { scriptedServer } from '../../../support/scripted-server.js';
import { callAws, IN_TEST, pointSdkAt } from './aws-under-test.js';

const QUEUE = { type: 'sqs', arn: `arn:aws:sqs:${IN_TEST}:orders`, timeout_ms: 2_000 } as const;

/** One call of a service that answers so. */
async function refused(status: number, code: string, headers: object = {}) {
  const server = await scriptedServer((_request, response) =>
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers })
      .end(JSON.stringify({ __type: code, message: 'in words' })),
  );
  pointSdkAt('SQS', server.url);
  const outcome = await callAws(QUEUE);
  await server.close();
  return { outcome, calls: server.asked.length };
}

test.each([
  [400, 'RequestThrottled', true],
  [400, 'ThrottlingException', true],
  [403, 'AccessDenied', true],
  [400, 'QueueDoesNotExist', true],
  [500, 'InternalFailure', true],
  [503, 'ServiceUnavailable', true],
  [400, 'InvalidMessageContents', false],
  [400, 'InvalidParameterValue', false],
])('%i %s is one failed attempt; tried again: %s', async (status, code, again) => {
  const { outcome, calls } = await refused(status, code);
  expect(outcome).toMatchObject({ status: 'failed', http_status: null, error: { code, message: `${code}: in words` } });
  expect(isRetryable(DEFAULT_RETRY_POLICY, { ...outcome, type: 'sqs' })).toBe(again);
  expect(calls).toBe(1);
});

test('a service that throttles may say how long to wait', async () => {
  const { outcome } = await refused(429, 'TooManyRequests', { 'retry-after': '7' });
  expect(parseRetryAfter(outcome.response_headers['retry-after'], 0)).toBe(7_000);
});

test('a service that does not answer times out, and one that hangs is let go by a cancel', async () => {
  const server = await scriptedServer(() => {});
  pointSdkAt('SQS', server.url);
  const begun = Date.now();
  expect(await callAws(QUEUE, { timeoutMs: 300 })).toMatchObject({
    status: 'timed_out',
    error: { code: 'timeout_response' },
  });
  expect(Date.now() - begun).toBeLessThan(1_500);
  const canceller = new AbortController();
  const call = callAws(QUEUE, { cancel: canceller.signal });
  setTimeout(() => canceller.abort(), 50);
  expect(await call).toMatchObject({ status: 'cancelled' });
  await server.close();
});

test('a service that cannot be reached fails like a URL that cannot', async () => {
  const server = await scriptedServer(() => {});
  await server.close();
  pointSdkAt('SQS', server.url);
  // In jest the SDK takes node's errors for foreign ones, and wraps them.
  const code = expect.stringMatching(/^(connection_refused|network_error)$/);
  expect(await callAws(QUEUE)).toMatchObject({ status: 'failed', error: { code } });
});
