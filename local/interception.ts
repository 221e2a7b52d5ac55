import { Agent, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { type LoopbackServer, serveLoopback } from './loopback-server.js';

export type AwsService = 'dynamodb' | 'sqs' | 'scheduler' | 'secrets';

/** A call that a function makes to AWS. */
export interface AwsCall {
  readonly service: AwsService;
  /** `PutItem`, `SendMessageBatch`, `CreateSchedule` … */
  readonly operation: string;
  /** The execution environment that makes it, as `ExecutionEnvironment.id` names it. */
  readonly environment: string;
  readonly body: Buffer;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Stands between the functions and the local AWS servers: sees every call, and decides whether and when it takes effect
 * (`forward`) and what the function hears of it. Answering `undefined` drops the connection without a word.
 */
export type Interceptor = (call: AwsCall, forward: () => Promise<AwsAnswer>) => Promise<AwsAnswer | undefined>;

/** An environment's id in the user agent; Powertools for AWS Lambda writes its own name behind it. */
const APPLICATION = /app\/(\S+?-\d+)(?=-PT-|\s|$)/;

/** A server in front of `target` that asks `intercept` about each call. */
export function startInterception(
  service: AwsService,
  target: string,
  intercept: Interceptor,
): Promise<LoopbackServer> {
  const agent = new Agent({ keepAlive: true });
  return serveLoopback(async (request, body, response) => {
    const call = {
      service,
      operation: operationOf(request),
      environment: APPLICATION.exec(request.headers['user-agent'] ?? '')?.[1] ?? '',
      body,
    };
    const answer = await intercept(call, () => forward(request, body, target, agent));
    if (answer === undefined) response.destroy();
    else write(response, answer);
  });
}

/** The JSON protocols name the operation in a header; EventBridge Scheduler in method and path. */
function operationOf({ headers, method = '', url = '' }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1)!;
  const verbs: Record<string, string> = { POST: 'Create', GET: 'Get', PUT: 'Update', DELETE: 'Delete' };
  return `${verbs[method] ?? method}${url.startsWith('/schedule-groups') ? 'ScheduleGroup' : 'Schedule'}`;
}

function forward(request: IncomingMessage, body: Buffer, target: string, agent: Agent): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const { method, headers } = request;
    const outgoing = sendRequest(new URL(request.url ?? '/', target), { method, headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 500, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function write(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  const { connection: _connection, 'transfer-encoding': _encoding, ...kept } = headers;
  response.writeHead(status, { ...kept, 'content-length': body.length });
  response.end(body);
}
