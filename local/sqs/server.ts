import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Answer, type AnsweringServer, serveAnswers } from '../loopback-server.js';
import { type Action, type ActionContext, urlOf } from './actions.js';
import { Broker, type QueueWeather } from './broker.js';
import { SqsError } from './errors.js';
import { moveTaskActions } from './move-task-actions.js';
import { MoveTasks } from './move-tasks.js';
import type { Input } from './parameters.js';
import { queueActions } from './queue-actions.js';
import { DEFAULT_SETTINGS, type QueueSettings, type Redrive } from './queue-settings.js';
import { receiveActions } from './receive-actions.js';
import { sendActions } from './send-actions.js';

/** A queue, FIFO if its name ends so; absent fields have SQS's defaults. */
export interface QueueDefinition {
  name: string;
  visibilityTimeoutSeconds: number;
  delaySeconds?: number;
  retentionSeconds?: number;
  receiveWaitSeconds?: number;
  redrive?: Redrive;
}

/** SQS on 127.0.0.1, for any client of its JSON protocol. */
export interface SqsServer extends AnsweringServer {
  /** Creates the queue or updates its attributes; messages stay. */
  defineQueue(queue: QueueDefinition): { url: string; arn: string };
  /** Puts a message into the queue with this ARN, as EventBridge Scheduler does; throws if there is no such queue. */
  send(queueArn: string, body: string): void;
}

interface SqsOptions {
  /** File of the state; without a file no state survives. */
  journalFile?: string;
  /** By default a free port. */
  port?: number;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Without `weather` there are no faults. */
  weather?: QueueWeather | undefined;
}

const ACTIONS = new Map<string, Action>(
  Object.entries({ ...queueActions, ...sendActions, ...receiveActions, ...moveTaskActions }),
);

/** Starts the server with the state of its journal; messages that were in flight are visible at once. */
export async function startSqs({ journalFile, port, now = Date.now, weather }: SqsOptions = {}): Promise<SqsServer> {
  const broker = new Broker(journalFile, now, weather);
  const server = await serveAnswers(
    (request, body, hungUp) => respond({ broker, moveTasks, serverUrl: server.url, hungUp }, request, body),
    port,
  );
  const moveTasks = new MoveTasks(broker);
  const stop = async () => {
    moveTasks.close();
    await server.close();
    broker.close();
  };
  let closing: Promise<void> | undefined;
  return {
    ...server,
    defineQueue: (definition) => {
      const { name, arn } = broker.define(definition.name, settingsOf(definition));
      return { url: urlOf(server.url, name), arn };
    },
    send: (queueArn, body) => {
      const queue = [...broker.queues()].find(({ arn }) => arn === queueArn);
      if (!queue) throw new Error(`There is no queue ${queueArn}.`);
      broker.send(queue, { body });
    },
    close: () => {
      closing ??= stop();
      return closing;
    },
  };
}

function settingsOf({ name: _name, ...settings }: QueueDefinition): QueueSettings {
  return { ...DEFAULT_SETTINGS, ...settings };
}

async function respond(context: ActionContext, request: IncomingMessage, body: Buffer): Promise<Answer> {
  try {
    return answerWith(200, await perform(context, request, body));
  } catch (error) {
    return errorAnswer(request, error);
  }
}

async function perform(context: ActionContext, request: IncomingMessage, body: Buffer): Promise<object> {
  const [service, name] = String(request.headers['x-amz-target']).split('.');
  const action = ACTIONS.get(name ?? '');
  if (service !== 'AmazonSQS' || !action)
    throw new SqsError('UnsupportedOperation', `${name ?? 'A request without X-Amz-Target'} is not served here.`);
  return action(context, parseBody(body));
}

function parseBody(body: Buffer): Input {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (typeof input === 'object' && input !== null) return input as Input;
  } catch {}
  throw new SqsError('SerializationException', 'The body is not a JSON object.');
}

function errorAnswer(request: IncomingMessage, error: unknown): Answer {
  if (!(error instanceof SqsError)) console.error(error);
  const known = error instanceof SqsError ? error : new SqsError('InternalFailure', String(error));
  const queryError = { 'x-amzn-query-error': `${known.code};${known.fault}` };
  const headers = request.headers['x-amzn-query-mode'] === 'true' ? queryError : {};
  return answerWith(known.status, { __type: known.type, message: known.message }, headers);
}

function answerWith(status: number, output: object, extra: Record<string, string> = {}): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID(), ...extra };
  return { status, headers, body: Buffer.from(JSON.stringify(output)) };
}
