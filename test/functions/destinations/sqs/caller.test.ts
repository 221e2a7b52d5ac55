import { closeAll, openSqs, type TestSqs } from '../../../local/sqs/sqs-on-test.js';
import { callAws, IN_TEST, pointSdkAt, RUN } from '../aws/aws-under-test.js';

const arn = (name: string) => `arn:aws:sqs:${IN_TEST}:${name}`;
const to = (name: string) => ({ type: 'sqs', arn: arn(name), timeout_ms: 2_000 }) as const;

describe('a queue', () => {
  let sqs: TestSqs;
  beforeAll(async () => {
    sqs = await openSqs();
    pointSdkAt('SQS', sqs.server.url);
  });

  afterAll(closeAll);

  test('gets the body as it is, and the headers as attributes', async () => {
    const { url, name } = sqs.queue();
    const outcome = await callAws(to(name));
    expect(outcome).toMatchObject({ status: 'success', http_status: null, error: null });
    const [message] = await sqs.receive(url, { MessageAttributeNames: ['All'] });
    expect(JSON.parse(outcome.response_body)).toEqual({ MessageId: message!.MessageId });
    expect(message!.Body).toBe('{"a":1}');
    expect(message!.MessageAttributes).toMatchObject({ 'idempotency-key': { DataType: 'String', StringValue: RUN } });
  });

  test('that is not there fails, and may be there at the next attempt', async () => {
    expect(await callAws(to('missing'))).toMatchObject({ status: 'failed', error: { code: 'QueueDoesNotExist' } });
  });

  test.each([
    ['the installation', {}, { allowedTargets: [arn('others')] }],
    ['the project', { delivery: { group: 'g', ofProject: [arn('others')] } }, {}],
    ['the stack itself', {}, { ownStack: 'own' }],
  ])('that %s keeps from being reached gets nothing', async (_who, request, settings) => {
    const { url, name } = sqs.queue({ name: `own-${_who.replace(/ /g, '')}` });
    const outcome = await callAws(to(name), request, settings);
    expect(outcome).toMatchObject({ status: 'blocked', error: { code: 'blocked_target' } });
    expect(await sqs.receive(url)).toEqual([]);
  });
});
