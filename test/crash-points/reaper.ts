import { basename } from 'node:path';
import type { ExecutionEnvironment } from '../../local/execution-environment.js';
import type { Interceptor } from '../../local/interception.js';
import type { LocalStack } from '../../local/local-stack.js';
import type { Telling } from './telling.js';
import { Witness } from './witness.js';

/** What a message or a request says about whose it is. What belongs together has the same digits: a run and its dead letter, a schedule and its clock. */
const NAMES = /(?:run|dl|bulk|sch|clk|evt|ntf|ep)_([0-9a-f]{32})|telling-\d+/g;
const TELLINGS = /telling-\d+/g;
/** An endpoint may be shared; it belongs to a telling only where the telling says so. */
const SHARED = /^ep_/;

/**
 * Sees every call that a function makes, knows on behalf of which telling, and kills the function's execution
 * environment where the telling wants it: right before or right after the call takes effect.
 */
export class Reaper {
  private readonly owners = new Map<string, Telling>();
  /** Deaths of a deliverer, by each run it had in hand. */
  readonly deaths = new Map<string, number>();
  readonly witness = new Witness();
  private readonly writers = new Map<string, string>();
  private readonly functions = new WeakMap<ExecutionEnvironment, string>();
  private stack: LocalStack | undefined;

  watch(stack: LocalStack): void {
    this.stack = stack;
  }

  /** From now on what mentions `name` belongs to the telling. */
  own(name: string, telling: Telling): void {
    for (const key of keysIn(name)) {
      this.owners.set(key, telling);
      telling.names.add(key);
    }
  }

  ownerOf(text: string): Telling | undefined {
    const known = keysIn(text).find((key) => this.owners.has(key));
    return known === undefined ? undefined : this.owners.get(known);
  }

  readonly intercept: Interceptor = async (call, forward) => {
    const environment = this.environment(({ id }) => id === call.environment);
    if (!environment || environment.ending) return undefined; // the dead make no calls
    const body = call.body.toString();
    const telling = this.servedBy(environment, body);
    if (!telling) return forward();
    return this.pass(environment, telling, call.operation, async () => {
      this.learn(call.operation, environment, telling, body);
      const answer = await forward();
      this.witness.see(call, answer);
      return answer;
    });
  };

  /** The HTTP call of a run's attempt has arrived; `take` makes it count. Answers whether its caller still lives. */
  async receive(run: string, take: () => void): Promise<boolean> {
    const holds = (candidate: ExecutionEnvironment, fn: string) =>
      fn === 'deliverer' && candidate.requestId !== undefined && candidate.payload!.includes(run);
    const [key = ''] = keysIn(run);
    const environment =
      this.environment((candidate, fn) => candidate.id === this.writers.get(key) && holds(candidate, fn)) ??
      this.environment(holds);
    if (environment?.ending) return false;
    const telling = this.owners.get(key);
    const effect = async () => {
      take();
      return true;
    };
    if (!environment || !telling) return effect();
    return (await this.pass(environment, telling, 'HTTP call', effect)) ?? false;
  }

  /** Whether a function works on something of the telling's. */
  isAtWork(telling: Telling): boolean {
    return (
      this.environment(({ requestId, payload = '' }) => {
        return requestId !== undefined && [...telling.names].some((name) => payload.includes(name));
      }) !== undefined
    );
  }

  private async pass<Result>(
    environment: ExecutionEnvironment,
    telling: Telling,
    operation: string,
    effect: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const death = telling.meet(this.functionOf(environment), operation);
    if (death === 'before') return this.kill(environment);
    const result = await effect();
    return death === 'after' ? this.kill(environment) : result;
  }

  private async kill(environment: ExecutionEnvironment): Promise<undefined> {
    if (this.functionOf(environment) === 'deliverer')
      for (const run of new Set(environment.payload?.match(/run_[0-9a-f]{32}/g)))
        this.deaths.set(run, (this.deaths.get(run) ?? 0) + 1);
    await environment.terminate();
    return undefined;
  }

  /** Messages carry the ids of their subjects; the first sender of an id owns the id. */
  private learn(operation: string, environment: ExecutionEnvironment, telling: Telling, body: string): void {
    if (operation === 'PutItem')
      for (const name of telling.names) if (body.includes(name)) this.writers.set(name, environment.id);
    if (!/^(SendMessage|CreateSchedule)/.test(operation)) return;
    for (const [name] of body.matchAll(NAMES))
      if (!SHARED.test(name) && keysIn(name).some((key) => !this.owners.has(key))) this.own(name, telling);
  }

  /** A batch may hold messages of several tellings, and a round of the reconciler none; then the call itself must say whose it is. */
  private servedBy(environment: ExecutionEnvironment, body: string): Telling | undefined {
    const event = environment.payload ?? '';
    const isRequest = event.includes('"rawPath"');
    const found = isRequest ? (event.match(TELLINGS) ?? []) : keysIn(event);
    const owners = new Set(found.flatMap((key) => this.owners.get(key) ?? []));
    return owners.size === 1 || isRequest ? [...owners][0] : this.ownerOf(body);
  }

  private environment(
    wanted: (environment: ExecutionEnvironment, fn: string) => boolean,
  ): ExecutionEnvironment | undefined {
    for (const pool of this.stack?.functions ?? []) {
      const fn = basename(pool.definition.code);
      const found = pool.workers().find((candidate) => wanted(candidate, fn));
      if (found) this.functions.set(found, fn);
      if (found) return found;
    }
    return undefined;
  }

  private functionOf(environment: ExecutionEnvironment): string {
    return this.functions.get(environment) ?? '';
  }
}

function keysIn(text: string): string[] {
  return [...text.matchAll(NAMES)].map(([name, digits]) => digits ?? name);
}
