import { SQSClient } from '@aws-sdk/client-sqs';
import { createQueueSender } from '../../../functions/queues/queue-sender.js';

const NAMES = ['AWS_LAMBDA_FUNCTION_NAME', '_X_AMZN_TRACE_ID'];

afterEach(() => {
  for (const name of NAMES) delete process.env[name];
});

/** The headers of a request that sends a message. */
async function headersOfSending(): Promise<Readonly<Record<string, string>>> {
  const seen: Readonly<Record<string, string>>[] = [];
  const requestHandler = {
    handle: async ({ headers }: { headers: Readonly<Record<string, string>> }) => {
      seen.push(headers);
      throw Object.assign(new Error('seen'), { $retryable: undefined });
    },
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const sqs = new SQSClient({
    region: 'us-east-1',
    credentials,
    requestHandler: requestHandler as never,
    maxAttempts: 1,
  });
  const send = createQueueSender(sqs, 'https://sqs.us-east-1.amazonaws.com/123456789012/queue');
  await expect(send({ body: '{}' })).rejects.toThrow('seen');
  return seen[0]!;
}

test("a message carries the trace of the invocation that sends it: the SDK sends Lambda's header", async () => {
  const trace = 'Root=1-6a0e1c59-8d2f1f1f7a3b4c5d6e7f8091;Parent=53995c3f42cd8ad8;Sampled=1';
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'Punctual-dev-Api';
  process.env['_X_AMZN_TRACE_ID'] = trace;
  expect(await headersOfSending()).toMatchObject({ 'X-Amzn-Trace-Id': trace });
});

test('without a trace there is no header', async () => {
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'Punctual-dev-Api';
  expect(Object.keys(await headersOfSending()).map((name) => name.toLowerCase())).not.toContain('x-amzn-trace-id');
});
