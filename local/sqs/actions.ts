import type { Broker } from './broker.js';
import { SqsError } from './errors.js';
import type { MoveTasks } from './move-tasks.js';
import { type Input, text } from './parameters.js';
import { ACCOUNT, type Queue } from './queue.js';

/** The context of an action. */
export interface ActionContext {
  readonly broker: Broker;
  readonly moveTasks: MoveTasks;
  /** The server's own URL, without a trailing slash. */
  readonly serverUrl: string;
  /** Aborts when the caller has closed the connection before its answer. */
  readonly hungUp: AbortSignal;
}

/** One operation of the SQS API: the request's JSON in, the answer's JSON out; throws SqsError. */
export type Action = (context: ActionContext, input: Input) => object | Promise<object>;

/** The queue of the request's QueueUrl. Only the URL's path counts, because the port may change at a restart. */
export function queueOf({ broker }: ActionContext, input: Input): Queue {
  const [, account, name] = /\/(\d{12})\/([^/?#]+)\/?$/.exec(text(input, 'QueueUrl')) ?? [];
  const queue = account === ACCOUNT ? broker.find(name!) : undefined;
  if (!queue) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue;
}

export function urlOf(serverUrl: string, queueName: string): string {
  return `${serverUrl}/${ACCOUNT}/${queueName}`;
}
