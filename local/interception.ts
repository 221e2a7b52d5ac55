import type { IncomingMessage } from 'node:http';
import { type Answer, type Answerer, type AnsweringServer, serveAnswers } from './loopback-server.js';

export type AwsService = 'dynamodb' | 'sqs' | 'scheduler' | 'secrets';

/** A function's call to AWS. */
export interface AwsCall {
  readonly service: AwsService;
  /** `PutItem`, `SendMessageBatch`, `CreateSchedule` … */
  readonly operation: string;
  /** The `ExecutionEnvironment.id` of the caller. */
  readonly environment: string;
  readonly body: Buffer;
}

/**
 * Stands between functions and local AWS servers. It sees every call, decides whether and when the call takes effect
 * (`forward`), and gives the answer. The answer `undefined` drops the connection.
 */
export type Interceptor = (call: AwsCall, forward: Forward) => Promise<Answer | undefined>;

/** Lets the call take effect, with another body if given. */
export type Forward = (body?: Buffer) => Promise<Answer | undefined>;

/** An environment's id in the user agent; Powertools for AWS Lambda writes its own name behind it. */
const APPLICATION = /app\/(\S+?-\d+)(?=-PT-|\s|$)/;

/** A server in front of another server, which passes each call to `intercept`. */
export function startInterception(
  service: AwsService,
  target: Answerer,
  intercept: Interceptor,
): Promise<AnsweringServer> {
  return serveAnswers((request, body, hungUp) => {
    const call = {
      service,
      operation: operationOf(request),
      environment: APPLICATION.exec(request.headers['user-agent'] ?? '')?.[1] ?? '',
      body,
    };
    return intercept(call, async (other = body) => target(request, other, hungUp));
  });
}

/** The JSON protocols name the operation in a header; EventBridge Scheduler in method and path. */
function operationOf({ headers, method = '', url = '' }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1)!;
  const verbs: Record<string, string> = { POST: 'Create', GET: 'Get', PUT: 'Update', DELETE: 'Delete' };
  return `${verbs[method] ?? method}${url.startsWith('/schedule-groups') ? 'ScheduleGroup' : 'Schedule'}`;
}
