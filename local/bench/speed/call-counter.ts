import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { LocalStack } from '../../local-stack.js';

/** Node publishes every request to an HTTP server of this process, so the local AWS servers need no hook. */
const CHANNEL = 'http.server.request.start';
const RECEIVER = 'receiver';
const SCHEDULER_OPERATIONS: Record<string, string> = { POST: 'Create', PUT: 'Update', GET: 'Get', DELETE: 'Delete' };

/** Counts the requests to the local AWS servers by service and operation, with those of the queue pollers. */
export class CallCounter {
  private readonly counts = new Map<string, number>();
  /** Requests to the receiver. */
  arrivals = 0;
  private readonly services: ReadonlyMap<string, string>;
  private readonly count = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    const service = this.services.get(String(request.socket.localPort));
    if (service === undefined) return;
    if (service === RECEIVER) this.arrivals++;
    else this.note(`${service} ${operationOf(request)}`);
  };

  constructor(stack: LocalStack) {
    const { dynamodb, sqs, scheduler, receiver } = stack;
    const port = (url: string) => new URL(url).port;
    this.services = new Map([
      [port(dynamodb), 'DynamoDB'],
      [port(sqs), 'SQS'],
      [port(scheduler), 'Scheduler'],
      [port(receiver), RECEIVER],
    ]);
  }

  /** Counts from zero. */
  start(): void {
    this.arrivals = 0;
    this.counts.clear();
    subscribe(CHANNEL, this.count);
  }

  stop(): void {
    unsubscribe(CHANNEL, this.count);
  }

  /** Calls per delivery, the most frequent first. */
  per(deliveries: number): Record<string, number> {
    const sorted = [...this.counts].sort(([, a], [, b]) => b - a);
    return Object.fromEntries(sorted.map(([call, count]) => [call, count / deliveries]));
  }

  private note(call: string): void {
    this.counts.set(call, (this.counts.get(call) ?? 0) + 1);
  }
}

/** The Scheduler speaks REST; the others name the operation in a header. */
function operationOf({ headers, method = '' }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? (target.split('.')[1] ?? target) : `${SCHEDULER_OPERATIONS[method]}Schedule`;
}
