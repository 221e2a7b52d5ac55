import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '../support/eventually.js';
import { expectStatus, type Reply } from '../support/http-client.js';
import { takeAll } from './audit.js';
import type { Lockstep } from './lockstep.js';
import type { EndpointSettings, Scene, Where } from './scene.js';
import { type End, type Telling, unknownOf } from './telling.js';
import type { Turnstile } from './turnstile.js';

/** A client repeats a request that got no good answer after this long. */
const REPEAT_MS = 250;

/** Between two looks at what only the API can tell: each costs a function some twenty milliseconds. */
const LOOK_MS = 500;

export interface Pace {
  /** Lets so many tellings go on side by side, in all scenes together. */
  readonly turnstile: Turnstile;
  /** How long something that should happen is waited for. */
  readonly patienceMs: number;
}

/** What people and programs do in a story. Whatever they write is repeated under its Idempotency-Key until it is answered. */
export class Teller {
  private requests = 0;
  private ignored: readonly string[] = [];

  constructor(
    readonly scene: Scene,
    readonly telling: Telling,
    private readonly lockstep: Lockstep,
    private readonly pace: Pace,
  ) {
    scene.reaper.own(telling.id, telling);
  }

  async endpoint(where: Where, settings?: EndpointSettings): Promise<string> {
    const id = await this.scene.endpoint(where, settings);
    if (settings?.own) this.scene.reaper.own(id, this.telling);
    return id;
  }

  /** A part that an earlier story has told already: no function dies in it. */
  async calmly<Result>(tell: () => Promise<Result>): Promise<Result> {
    this.telling.calm = ['api', 'deliverer', 'dispatcher'];
    const result = await tell();
    await eventually('its messages are worked off', () => !this.scene.reaper.isAtWork(this.telling));
    this.telling.calm = this.ignored;
    return result;
  }

  /** Deaths of these functions are another story's. */
  ignore(...functions: string[]): void {
    this.ignored = functions;
    this.telling.calm = functions;
  }

  /** A run whose creation an earlier story has told; of its deliveries all counts. */
  async created(endpoint_id: string, extra?: object): Promise<string> {
    this.telling.calm = ['api'];
    const run = await this.create(endpoint_id, extra);
    this.telling.calm = this.ignored;
    return run;
  }

  async create(endpoint_id: string, extra: object = {}): Promise<string> {
    return (await this.write('POST', '/v1/tasks', { endpoint_id, ...extra })).body.id;
  }

  /** Without an answer the client does not know whether it was heard, and asks again. */
  async write(method: string, path: string, body?: unknown): Promise<Reply> {
    const key = { 'idempotency-key': `${this.telling.id}/${++this.requests}` };
    const until = Date.now() + this.pace.patienceMs;
    for (;;) {
      const reply = await this.scene.api.send(method, path, body, key).catch(() => undefined);
      const isAnswered = reply && reply.status < 500 && !reply.headers.has('retry-after');
      if (isAnswered && reply.status < 300) return reply;
      if (isAnswered || Date.now() > until)
        throw new Error(`${method} ${path} answered ${reply?.status}: ${reply?.text}`);
      await sleep(REPEAT_MS);
    }
  }

  /** Waits until the run has one of these statuses. */
  reached(run: string, ...statuses: string[]): Promise<void> {
    return this.scene.reaper.witness.reached(run, statuses, this.pace.patienceMs);
  }

  /** Waits until the run has ended like this, and has the audit look at it when all is told. */
  async ends(run: string, status: string | readonly string[], attempts: End['attempts'], extra: Partial<End> = {}) {
    const end = { status: [status].flat(), attempts, ...extra };
    this.telling.ends.set(run, end);
    await this.reached(run, ...end.status);
  }

  /** When all is quiet: a schedule or an event has made runs that ended like this, the oldest first. */
  async hasMade(by: { schedule_id: string } | { event_id: string }, statuses: readonly string[]): Promise<void> {
    await this.together(async () => {});
    const { data } = expectStatus(await this.scene.api.get(`/v1/tasks?${new URLSearchParams(by)}`), 200).body;
    const runs: { id: string; run_at: string; endpoint_id: string }[] = data.reverse();
    const made = new Set(runs.map(({ run_at, endpoint_id }) => `${run_at} ${endpoint_id}`));
    if (runs.length !== statuses.length || made.size !== runs.length)
      this.telling.failures.push(`${statuses.length} runs were due, and ${runs.length} made: ${[...made]}`);
    for (const [index, { id }] of runs.entries()) this.hasEnded(id, statuses[index]);
  }

  /** When all is quiet: the receiver has got one job notification about each of the runs. */
  async isNotifiedOf(...runs: string[]): Promise<void> {
    await this.together(async () => {});
    for (const run of runs) {
      const told = new Set(this.scene.receiver.calls.flatMap((call) => (call.about === run ? call.run : [])));
      if (told.size !== 1) this.telling.failures.push(`${told.size} notifications about ${run}`);
      for (const notification of told) this.hasEnded(notification, 'success');
    }
  }

  private hasEnded(run: string, status = 'made at all'): void {
    const calls = status === 'success' ? 1 : 0;
    this.telling.ends.set(run, { status: [status], attempts: [calls, calls] });
  }

  /** Waits until the run is laid down at its endpoint. */
  isHeld(run: string): Promise<void> {
    return this.scene.reaper.witness.held(run, this.pace.patienceMs);
  }

  /** Waits until the run's dead letter is there. */
  async buried(run: string): Promise<string> {
    const letter = run.replace('run_', 'dl_');
    await this.scene.reaper.witness.buried(letter, this.pace.patienceMs);
    return letter;
  }

  /** Waits until the API shows at `path` what is looked for. */
  async shows(path: string, isSo: (body: Reply['body']) => boolean): Promise<void> {
    const look = async () => isSo(expectStatus(await this.scene.api.get(path), 200).body);
    await eventually(`${path} is as it should be`, look, this.pace.patienceMs, LOOK_MS);
  }

  /** Waits until the API lists something at `path`. */
  async listed(path: string): Promise<{ readonly id: string }[]> {
    await this.shows(path, ({ data }) => data.length > 0);
    return expectStatus(await this.scene.api.get(path), 200).body.data;
  }

  /** Waits until an HTTP call of the run has arrived. */
  async called(run: string): Promise<void> {
    await eventually(`${run} is called`, () => this.scene.receiver.callsOf(run).length > 0, this.pace.patienceMs);
  }

  /**
   * All tellings of the story meet here; then `act` happens once for all of them. First all must be quiet, but for
   * messages that are delayed, if they may be; or nothing must.
   */
  async together(act: () => Promise<void>, noise: 'none' | 'delayed' | 'any' = 'none'): Promise<void> {
    this.pace.turnstile.leave();
    const met = this.lockstep.meet(async () => {
      if (noise !== 'any') await this.scene.quiet({ delayed: noise === 'delayed', patienceMs: this.pace.patienceMs });
      await act();
    });
    await met.finally(() => this.pace.turnstile.enter({ isAwaited: true }));
  }

  /** So much time passes, for servers and functions alike. */
  async later(seconds: number): Promise<void> {
    this.scene.clock.advance(seconds * 1000);
    await this.scene.stack.tick();
  }

  /** One telling after the other does this. */
  inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    return this.lockstep.inTurn(act);
  }

  /** Sends a message to the intake queue, and has it say whose it is. */
  async publish(asked: object): Promise<void> {
    const body = { project: this.scene.project, ...asked };
    await this.scene.console.sqs.send(
      new SendMessageCommand({ QueueUrl: this.scene.stack.queueUrl('IntakeQueue'), MessageBody: JSON.stringify(body) }),
    );
  }

  /** Waits until a message of the telling's names a run, which no answer has told. */
  itsRun(): Promise<string> {
    const look = () => [...this.telling.names].find((name) => /^[0-9a-f]{32}$/.test(name));
    return eventually('its run has a message', async () => look() && `run_${look()}`, this.pace.patienceMs);
  }

  /** Waits until a message that says so has been set apart. */
  async isRefused(mark: string): Promise<void> {
    const { refused } = this.scene;
    const look = async () => {
      refused.push(...(await takeAll(this.scene, 'IntakeDlq')).map(({ Body = '' }) => Body));
      return refused.some((body) => body.includes(mark));
    };
    await eventually('it is refused', look, this.pace.patienceMs, LOOK_MS);
  }

  /** Sends a message to the fast lane that only a later release knows. */
  async sendUnknown(group: string): Promise<void> {
    const message = { MessageBody: unknownOf(this.telling.id), MessageGroupId: group };
    await this.scene.console.sqs.send(
      new SendMessageCommand({ QueueUrl: this.scene.stack.queueUrl('FastLaneQueue'), ...message }),
    );
    this.telling.unknown++;
  }
}
