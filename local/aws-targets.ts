import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer } from './http-answer.js';
import { ACCOUNT_ID, REGION } from './template.js';

/** What a service of AWS was asked for: the ARN, what was sent, and what goes with it. */
export interface AwsCall {
  readonly operation: string;
  readonly arn: string;
  readonly headers: Record<string, string | undefined>;
  readonly body: string;
}

/** One service: how it reads a call, and how it answers one that is taken and one that fails. */
interface Service {
  reads(request: IncomingMessage, body: string): AwsCall | undefined;
  taken(call: AwsCall): Answer;
  failed(call: AwsCall): Answer;
}

const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});
const throttled = () => json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' });

/** With the protocol of AWS that is a target in a header, and a body of JSON. */
const target = (request: IncomingMessage, body: string, name: string) =>
  request.headers['x-amz-target'] === name ? JSON.parse(body) : undefined;

const eventbridge: Service = {
  reads(request, body) {
    const entry = target(request, body, 'AWSEvents.PutEvents')?.Entries[0];
    if (!entry) return undefined;
    const { EventBusName: arn, Detail, Source, DetailType, Resources = [], TraceHeader } = entry;
    const headers = {
      'webhook-id': Resources[0],
      source: Source,
      'detail-type': DetailType,
      'trace-header': TraceHeader,
    };
    return { operation: 'PutEvents', arn, headers, body: Detail };
  },
  taken: () => json(200, { FailedEntryCount: 0, Entries: [{ EventId: randomUUID() }] }),
  failed: () =>
    json(200, { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }] }),
};

const lambda: Service = {
  reads(request, body) {
    const [, arn] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
    if (arn === undefined) return undefined;
    const headers = { ...JSON.parse(body).headers, invocation: request.headers['x-amz-invocation-type'] };
    return { operation: 'Invoke', arn: decodeURIComponent(arn), headers, body };
  },
  taken: ({ headers: { invocation } }) =>
    invocation === 'Event' ? { status: 202, headers: {}, body: '' } : json(200, { statusCode: 200, body: 'ok' }),
  failed: ({ headers: { invocation } }) =>
    invocation === 'Event'
      ? json(429, { message: 'Rate Exceeded.' }, { 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '1' })
      : json(200, { errorType: 'Error', errorMessage: 'as asked' }, { 'x-amz-function-error': 'Unhandled' }),
};

const stepfunctions = (): Service => {
  const inputs = new Map<string, string>();
  return {
    reads(request, body) {
      const start = target(request, body, 'AWSStepFunctions.StartExecution');
      if (!start) return undefined;
      const { stateMachineArn: arn, name, input, traceHeader } = start;
      return {
        operation: 'StartExecution',
        arn,
        headers: { 'webhook-id': name, 'trace-header': traceHeader },
        body: input,
      };
    },
    taken({ arn, headers, body }) {
      const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${headers['webhook-id']}`;
      const had = inputs.get(executionArn);
      if (had !== undefined && had !== body)
        return json(400, { __type: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${executionArn}'` });
      inputs.set(executionArn, body);
      return json(200, { executionArn, startDate: Date.now() / 1000 });
    },
    failed: throttled,
  };
};

const xml = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/xml' }, body });

const sns: Service = {
  reads(request, body) {
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
    const form = new URLSearchParams(body);
    if (form.get('Action') !== 'Publish') return undefined;
    const attributes: [string, string][] = [];
    for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
      const at = `MessageAttributes.entry.${n}`;
      attributes.push([form.get(`${at}.Name`)!, form.get(`${at}.Value.StringValue`) ?? '']);
    }
    const order = ['MessageGroupId', 'MessageDeduplicationId'].flatMap((name) => {
      const value = form.get(name);
      return value === null ? [] : [[name, value]];
    });
    return {
      operation: 'Publish',
      arn: form.get('TopicArn') ?? '',
      headers: Object.fromEntries([...attributes, ...order]),
      body: form.get('Message') ?? '',
    };
  },
  taken: () =>
    xml(
      200,
      `<PublishResponse><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`,
    ),
  failed: () =>
    xml(429, '<ErrorResponse><Error><Code>Throttled</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'),
};

/** What was asked for, and how it is answered; undefined for a request that is none of AWS. */
type AwsTargets = (request: IncomingMessage, body: Buffer) => { call: AwsCall; answer: () => Answer } | undefined;

/**
 * SNS, EventBridge, Lambda and Step Functions, as far as deliveries call them. Each resource of the local account is there. One
 * named `fail…` fails, and one named `flaky-<n>` fails n times for each key.
 */
export function awsTargets(): AwsTargets {
  const services = [eventbridge, lambda, stepfunctions(), sns];
  const failures = new Map<string, number>();
  const fails = ({ arn, headers }: AwsCall): boolean => {
    const name = arn.split(/[:/]/).at(-1)!;
    const times = name.startsWith('fail') ? Infinity : Number(/^flaky-(\d+)/.exec(name)?.[1] ?? 0);
    const key = `${arn} ${headers['webhook-id']}`;
    const failed = failures.get(key) ?? 0;
    if (failed >= times) return false;
    failures.set(key, failed + 1);
    return true;
  };
  return (request, bytes) => {
    const text = bytes.toString();
    for (const service of services) {
      const call = service.reads(request, text);
      if (!call) continue;
      const isOurs = call.arn.split(':').slice(3, 5).join(':') === `${REGION}:${ACCOUNT_ID}`;
      return { call, answer: () => (isOurs && !fails(call) ? service.taken(call) : service.failed(call)) };
    }
    return undefined;
  };
}
