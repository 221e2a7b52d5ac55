import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './http-answer.js';
import { ACCOUNT_ID, REGION } from './template.js';

/** What a service of AWS was asked for: the ARN, what was sent, and what goes with it. */
export interface AwsCall {
  readonly operation: string;
  readonly arn: string;
  readonly headers: Record<string, string | undefined>;
  readonly body: string;
}

/** One service: how it reads a call, and how it answers. */
interface Service {
  reads(request: IncomingMessage, body: string): AwsCall | undefined;
  /** To a resource that is not there. */
  missing(call: AwsCall): Answer;
  /** What can never be taken as it is. */
  refused(call: AwsCall): Answer | undefined;
  taken(call: AwsCall): Answer;
  failed(call: AwsCall): Answer;
}

const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});
const error = (__type: string, message: string) => json(400, { __type, message });
const throttled = () => error('ThrottlingException', 'Rate exceeded');

const MiB = 1_048_576;
const QUARTER_MIB = MiB / 4;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

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
  // The service says nothing of it: the event is gone.
  missing: () => eventTaken(),
  refused({ body }) {
    if (Buffer.byteLength(body) > MiB)
      return error('ValidationException', 'Total size of the entries in the request is over the limit.');
    return isJson(body) ? undefined : entryFailed('MalformedDetail', 'Detail is malformed.');
  },
  taken: () => eventTaken(),
  failed: () => entryFailed('ThrottlingException', 'Rate exceeded'),
};
const eventTaken = () => json(200, { FailedEntryCount: 0, Entries: [{ EventId: randomUUID() }] });
const entryFailed = (ErrorCode: string, ErrorMessage: string) =>
  json(200, { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage }] });

const lambda: Service = {
  reads(request, body) {
    const [, arn] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
    if (arn === undefined) return undefined;
    const headers = { ...JSON.parse(body).headers, invocation: request.headers['x-amz-invocation-type'] };
    return { operation: 'Invoke', arn: decodeURIComponent(arn), headers, body };
  },
  missing: ({ arn }) => functionError(404, 'ResourceNotFoundException', `Function not found: ${arn}`),
  refused({ headers: { invocation }, body }) {
    const most = invocation === 'Event' ? MiB : 6 * MiB;
    return Buffer.byteLength(body) > most
      ? functionError(413, 'RequestTooLargeException', `Request must be smaller than ${most} bytes`)
      : undefined;
  },
  taken: ({ headers: { invocation } }) =>
    invocation === 'Event' ? { status: 202, headers: {}, body: '' } : json(200, { statusCode: 200, body: 'ok' }),
  failed: ({ headers: { invocation } }) =>
    invocation === 'Event'
      ? functionError(429, 'TooManyRequestsException', 'Rate Exceeded.', { 'retry-after': '1' })
      : json(200, { errorType: 'Error', errorMessage: 'as asked' }, { 'x-amz-function-error': 'Unhandled' }),
};

const functionError = (status: number, type: string, message: string, headers: Record<string, string> = {}) =>
  json(status, { message }, { 'x-amzn-errortype': type, ...headers });

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
    missing: ({ arn }) => error('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`),
    refused({ body }) {
      if (body.length > QUARTER_MIB)
        return error('ValidationException', 'input must have length less than or equal to 262144');
      return isJson(body) ? undefined : error('InvalidExecutionInput', 'Invalid State Machine Execution Input');
    },
    taken({ arn, headers, body }) {
      const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${headers['webhook-id']}`;
      const had = inputs.get(executionArn);
      if (had !== undefined && had !== body)
        return error('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      inputs.set(executionArn, body);
      return json(200, { executionArn, startDate: Date.now() / 1000 });
    },
    failed: throttled,
  };
};

const xml = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/xml' }, body });

const queryError = (status: number, code: string, message: string) =>
  xml(status, `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);

/** A FIFO topic takes what has the same deduplication id once in this time. */
const DEDUPLICATION_MS = 300_000;

function publishedOnce() {
  const published = new Map<string, { readonly id: string; readonly at: number }>();
  return (arn: string, deduplication: string | undefined): string => {
    const key = `${arn} ${deduplication}`;
    const before = deduplication === undefined ? undefined : published.get(key);
    if (before && before.at > Date.now() - DEDUPLICATION_MS) return before.id;
    const id = randomUUID();
    if (deduplication !== undefined) published.set(key, { id, at: Date.now() });
    return id;
  };
}

const sns = (idOf = publishedOnce()): Service => ({
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
  missing: () => queryError(404, 'NotFound', 'Topic does not exist'),
  refused({ headers, body }) {
    const bytes = Buffer.byteLength(Object.entries(headers).flat().join('') + body);
    return bytes > QUARTER_MIB ? queryError(400, 'InvalidParameter', 'Invalid parameter: Message too long') : undefined;
  },
  taken({ arn, headers }) {
    const id = `<MessageId>${idOf(arn, headers['MessageDeduplicationId'])}</MessageId>`;
    return xml(200, `<PublishResponse><PublishResult>${id}</PublishResult></PublishResponse>`);
  },
  failed: () => queryError(429, 'Throttled', 'Rate exceeded'),
});

/** What was asked for, and how it is answered; undefined for a request that is none of AWS. */
type AwsTargets = (
  request: IncomingMessage,
  body: Buffer,
) => { call: AwsCall; answer: () => Promise<Answer> } | undefined;

/**
 * SNS, EventBridge, Lambda and Step Functions, as far as deliveries call them. Each resource of the local account is there,
 * but one named `missing…`. One named `fail…` fails, one named `flaky-<n>` fails n times for each key, and one named
 * `slow-<ms>` answers so much later.
 */
export function awsTargets(): AwsTargets {
  const services = [eventbridge, lambda, stepfunctions(), sns()];
  const failures = new Map<string, number>();
  const fails = ({ arn, headers }: AwsCall): boolean => {
    const name = nameIn(arn);
    const times = name.startsWith('fail') ? Infinity : Number(/^flaky-(\d+)/.exec(name)?.[1] ?? 0);
    const key = `${arn} ${headers['webhook-id']}`;
    const failed = failures.get(key) ?? 0;
    if (failed >= times) return false;
    failures.set(key, failed + 1);
    return true;
  };
  const answerOf = async (service: Service, call: AwsCall): Promise<Answer> => {
    const [, ms] = /^slow-(\d+)/.exec(nameIn(call.arn)) ?? [];
    if (ms !== undefined) await sleep(Number(ms));
    if (isMissing(call.arn)) return service.missing(call);
    return service.refused(call) ?? (fails(call) ? service.failed(call) : service.taken(call));
  };
  return (request, bytes) => {
    const text = bytes.toString();
    for (const service of services) {
      const call = service.reads(request, text);
      if (!call) continue;
      return { call, answer: () => answerOf(service, call) };
    }
    return undefined;
  };
}

const nameIn = (arn: string): string => arn.split(/[:/]/).at(-1)!;

function isMissing(arn: string): boolean {
  const isOurs = arn.split(':').slice(3, 5).join(':') === `${REGION}:${ACCOUNT_ID}`;
  return !isOurs || nameIn(arn).startsWith('missing');
}
