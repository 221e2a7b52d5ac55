import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { MovableClock } from './movable-clock.js';
import { ACCOUNT_ID, REGION } from './template.js';

/** A Lambda function as the template deploys it. */
export interface FunctionDefinition {
  readonly name: string;
  /** Folder of the deployed bundle. */
  readonly code: string;
  /** `file.export`, as in the template's Handler. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** The whole process.env of the function, without any variable of the parent. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Receives a line that a function or the stack printed. */
export type Log = (source: string, line: string) => void;

/** An invocation that ended without a result: thrown by the handler, timed out, crashed, killed or too large. */
export class FunctionError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
    readonly trace: readonly string[] = [],
  ) {
    super(message);
    this.name = 'FunctionError';
  }
}

interface Described {
  errorType: string;
  errorMessage: string;
  trace: string[];
}
type WorkerMessage =
  | { ready: true }
  | { initError: Described }
  | { requestId: string; result: string }
  | { requestId: string; error: Described };

interface Pending {
  resolve(result: string): void;
  reject(error: FunctionError): void;
}

let started = 0;

/** Most milliseconds until a thread's next turn of the event loop. */
const TURN_MS = 1_000;
/** V8's default is 48 MB for each environment, most of it garbage that waits. */
const YOUNG_MB = 8;
/** Lambda's limit for a function's initialization. */
const INIT_TIMEOUT_MS = 10_000;

/** One execution environment: a worker thread that serves one invocation at a time until the thread ends. */
export class ExecutionEnvironment {
  /** Id among all environments of the process; the environment's AWS calls carry the id in their user agent. */
  readonly id: string;
  /** The request id of the invocation under way. */
  requestId: string | undefined;
  /** The event of the present or last invocation, as JSON. */
  payload: string | undefined;
  /** Resolves once the bundle is loaded; rejects with a FunctionError when that fails. */
  readonly started: Promise<void>;
  /** The environment counts as dead, although its thread may still run for a moment. */
  ending = false;
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  private pending: Pending | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reason: FunctionError | undefined;

  constructor(
    private readonly definition: FunctionDefinition,
    log: Log,
    onExit: () => void,
    private readonly clock?: MovableClock,
  ) {
    this.id = `${definition.name}-${++started}`;
    this.worker = startWorker(definition, this.id, clock);
    for (const stream of [this.worker.stdout, this.worker.stderr]) {
      createInterface({ input: stream }).on('line', (line) => log(definition.name, line));
    }
    this.worker.on('message', (message: WorkerMessage) => this.take(message));
    this.worker.on('error', (error) => {
      this.reason ??= new FunctionError(error.name, error.message, error.stack?.split('\n'));
    });
    this.exited = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.on('exit', () => {
      this.settle((pending) => pending.reject(this.reason ?? new FunctionError('Runtime.ExitError', 'Runtime exited')));
      onExit();
    });
    this.started = this.wait(INIT_TIMEOUT_MS, 'Init').then(() => undefined);
  }

  /** Runs one invocation on a JSON payload; rejects with a FunctionError. */
  invoke(payload: string): Promise<string> {
    const timeoutMs = this.definition.timeoutSeconds * 1000;
    this.requestId = randomUUID();
    this.payload = payload;
    const result = this.wait(timeoutMs, 'Task');
    const now = this.clock?.now() ?? Date.now();
    this.worker.postMessage({ requestId: this.requestId, payload, deadline: now + timeoutMs });
    return result;
  }

  /**
   * Ends the environment as a crash of its host would; an invocation under way fails. The thread ends at its next turn
   * of the event loop, because ending a thread inside zlib aborts all of Node 20. A thread without a next turn is
   * ended, too.
   */
  async terminate(reason?: FunctionError): Promise<void> {
    this.reason ??= reason;
    this.ending = true;
    this.worker.postMessage('end');
    const busy = setTimeout(() => this.worker.terminate(), TURN_MS);
    await this.exited;
    clearTimeout(busy);
  }

  private wait(timeoutMs: number, what: 'Init' | 'Task'): Promise<string> {
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      const message = `${what} timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      this.timer = setTimeout(() => this.terminate(new FunctionError('Sandbox.Timedout', message)), timeoutMs);
    });
  }

  private take(message: WorkerMessage): void {
    if (this.ending) return;
    if ('initError' in message) void this.terminate(asError(message.initError));
    else if ('error' in message) this.settle((pending) => pending.reject(asError(message.error)));
    else this.settle((pending) => pending.resolve('result' in message ? message.result : ''));
  }

  private settle(how: (pending: Pending) => void): void {
    clearTimeout(this.timer);
    const pending = this.pending;
    this.pending = undefined;
    this.requestId = undefined;
    if (pending) how(pending);
  }
}

const asError = ({ errorType, errorMessage, trace }: Described): FunctionError =>
  new FunctionError(errorType, errorMessage, trace);

function startWorker(definition: FunctionDefinition, id: string, clock: MovableClock | undefined): Worker {
  const { name, code, handler, memoryMb, environment } = definition;
  const [file = '', exportName = ''] = handler.split('.');
  const context = {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`,
    memoryLimitInMB: String(memoryMb),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
  };
  return new Worker(join(__dirname, 'function-worker.cjs'), {
    workerData: { bundle: join(code, `${file}.js`), exportName, context, ahead: clock?.ahead },
    env: { ...environment, AWS_SDK_UA_APP_ID: id },
    execArgv: [], // a bundle needs no TypeScript loader
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
}
