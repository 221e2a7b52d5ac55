import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Answer, type AnsweringServer, serveAnswers } from '../loopback-server.js';
import { Clockwork, type Send, type TimerWeather } from './clockwork.js';
import { SchedulerError, validationError } from './errors.js';
import { Ledger } from './ledger.js';
import { Operations } from './operations.js';

export interface SchedulerServer extends AnsweringServer {
  /** Creates the schedule group if it is absent. */
  defineGroup(name: string): void;
  /** Fires all schedules that are due by now(); for tests that move the clock. */
  tick(): Promise<void>;
}

/**
 * A local EventBridge Scheduler for one-time schedules, the only kind that the functions make: the REST-JSON API, and a
 * clock that sends messages to the target queues. State is in `journalFile` and survives `kill -9`; schedules that came
 * due while the server was down fire at the start.
 */
export async function startScheduler(options: {
  /** Puts a message into the queue; a rejection counts as a failed delivery, which is retried. */
  send: Send;
  journalFile?: string;
  port?: number;
  now?: () => number;
  /** Without `weather` there are no faults. */
  weather?: TimerWeather | undefined;
}): Promise<SchedulerServer> {
  const now = options.now ?? Date.now;
  const ledger = new Ledger(options.journalFile);
  const operations = new Operations(ledger, now);
  operations.defineGroup('default');
  const server = await serveAnswers((request, body) => {
    const answer = respond(() => perform(operations, request, body));
    if (request.method !== 'GET') clockwork.wind();
    return answer;
  }, options.port);
  const clockwork = new Clockwork(ledger, options.send, now, options.weather);

  return {
    ...server,
    defineGroup: (name) => operations.defineGroup(name),
    tick: () => clockwork.tick(),
    close: async () => {
      await server.close();
      await clockwork.close();
      ledger.close();
    },
  };
}

function perform(operations: Operations, request: IncomingMessage, body: Buffer): object {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, collection, encodedName] = url.pathname.split('/');
  const name = decodeURIComponent(encodedName ?? '');
  const content = body.length > 0 ? parseBody(body) : {};
  switch (`${request.method} ${collection}${name ? '/{Name}' : ''}`) {
    case 'POST schedules/{Name}':
      return operations.createSchedule({ ...content, Name: name } as object);
    case 'PUT schedules/{Name}':
      return operations.updateSchedule({ ...content, Name: name });
    case 'GET schedules/{Name}':
      return operations.getSchedule(name, url.searchParams);
    case 'DELETE schedules/{Name}':
      return operations.deleteSchedule(name, url.searchParams);
    case 'GET schedules':
      return operations.listSchedules(url.searchParams);
    default:
      throw new SchedulerError('UnknownOperationException', 404, 'unknown operation');
  }
}

function parseBody(body: Buffer): object {
  try {
    return JSON.parse(body.toString()) as object;
  } catch {
    throw validationError('The request body is no JSON.');
  }
}

function respond(work: () => object): Answer {
  try {
    return answerWith(200, work());
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    return answerWith(error.status, { Message: error.message }, { 'x-amzn-errortype': error.name });
  }
}

function answerWith(status: number, output: object, extra: Record<string, string> = {}): Answer {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...extra };
  return { status, headers, body: Buffer.from(JSON.stringify(output)) };
}
