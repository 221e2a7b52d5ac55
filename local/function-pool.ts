import { availableParallelism } from 'node:os';
import { ExecutionEnvironment, type FunctionDefinition, FunctionError, type Log } from './execution-environment.js';
import type { MovableClock } from './movable-clock.js';
import { Processors } from './processors.js';

/** Lambda's limit for the payload and for the answer of a synchronous invocation. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Waiting invocations start environments up to this number. More would only share processors and compile more code. */
const ENOUGH = availableParallelism();
/**
 * Milliseconds after which a waiting invocation starts a further environment, if processors are free: then the existing
 * environments wait, too, for receivers or due moments.
 */
const LOOK_MS = 200;
/** Share of the processors from which they count as busy. */
const BUSY = 0.75;
/** An invocation that waits longer than this starts an environment also while the processors are busy. */
const LONG_MS = 2_000;

interface Waiting {
  readonly payload: string;
  readonly since: number;
  resolve(result: string): void;
  reject(error: unknown): void;
}

/** A deployed function with its execution environments: started on demand, reused, never more than the limit. */
export class FunctionPool {
  private readonly waiting: Waiting[] = [];
  private readonly environments = new Set<ExecutionEnvironment>();
  /** Sorted by last use, never used environments first: the last is the warmest. */
  private readonly idle: ExecutionEnvironment[] = [];
  private starting = false;
  private kept = 0;
  private readonly processors = new Processors();
  private closed = false;
  private nextLook: NodeJS.Timeout | undefined;

  constructor(
    readonly definition: FunctionDefinition,
    /** Most environments; further invocations wait. */
    readonly limit: number,
    private readonly log: Log,
    private readonly clock?: MovableClock,
    /** Whether Lambda refuses to run the function now. */
    private readonly isThrottled: () => boolean = () => false,
  ) {}

  /** Runs the handler on `event` and returns its answer, both through JSON; rejects with a FunctionError. */
  async invoke(event: unknown): Promise<unknown> {
    if (this.isThrottled()) throw new FunctionError('TooManyRequestsException', 'Rate Exceeded.');
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('RequestTooLargeException', `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes`);
    }
    const result = await new Promise<string>((resolve, reject) => {
      this.waiting.push({ payload, since: Date.now(), resolve, reject });
      this.assign();
    });
    if (Buffer.byteLength(result) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('Function.ResponseSizeTooLarge', 'Response payload size exceeded maximum allowed');
    }
    return JSON.parse(result);
  }

  /** Keeps this many environments from now on, started ahead, so that an invocation finds a loaded environment. */
  warm(count = 1): void {
    this.kept = Math.min(count, this.limit);
    this.assign();
  }

  /** The living environments. An environment with a `requestId` is working; `terminate` kills an environment. */
  workers(): ExecutionEnvironment[] {
    return [...this.environments];
  }

  /** Ends every environment; invocations under way and waiting invocations fail. */
  async close(): Promise<void> {
    this.closed = true;
    this.assign();
    await Promise.all(this.workers().map((environment) => environment.terminate()));
  }

  private assign(): void {
    if (this.closed) {
      for (const { reject } of this.waiting.splice(0)) reject(new FunctionError('Runtime.ExitError', 'stack closed'));
      return;
    }
    while (this.waiting.length > 0) {
      const environment = this.takeIdle();
      if (!environment) break;
      void this.run(environment, this.waiting.shift()!);
    }
    const wanted = this.waiting.length > 0 ? Math.min(ENOUGH, this.limit) : this.kept;
    if (this.environments.size < wanted) void this.start();
    if (this.waiting.length > 0) this.nextLook ??= setTimeout(() => this.look(), LOOK_MS).unref();
  }

  private look(): void {
    this.nextLook = undefined;
    const [first] = this.waiting;
    const waited = first === undefined ? 0 : Date.now() - first.since;
    const isStuck = waited >= LONG_MS || (waited >= LOOK_MS && this.processors.busyShare() < BUSY);
    if (isStuck && this.environments.size < this.limit) void this.start();
    this.assign();
  }

  private takeIdle(): ExecutionEnvironment | undefined {
    let environment = this.idle.pop();
    while (environment?.ending) environment = this.idle.pop();
    return environment;
  }

  private async run(environment: ExecutionEnvironment, { payload, resolve, reject }: Waiting): Promise<void> {
    await environment.invoke(payload).then(resolve, reject);
    if (this.environments.has(environment)) this.idle.push(environment);
    this.assign();
  }

  /** Starts one at a time: on a small machine, ten at once would be ready only after the first is free again. */
  private async start(): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    const environment = new ExecutionEnvironment(this.definition, this.log, () => this.forget(environment), this.clock);
    this.environments.add(environment);
    try {
      await environment.started;
      this.idle.unshift(environment);
    } catch (error) {
      this.kept = 0; // otherwise a bundle that does not load is tried without end
      this.waiting.shift()?.reject(error);
    }
    this.starting = false;
    this.assign();
  }

  private forget(environment: ExecutionEnvironment): void {
    this.environments.delete(environment);
    const position = this.idle.indexOf(environment);
    if (position >= 0) this.idle.splice(position, 1);
    this.assign();
  }
}
