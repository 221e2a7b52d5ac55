import type { CallOutcome, OutboundCall } from '../../functions/core/call/outbound-call.js';
import type { DeadLetter } from '../../functions/core/dead-letter/dead-letter.js';
import type { Endpoint, Lane } from '../../functions/core/endpoint/endpoint.js';
import type { HeldRun } from '../../functions/core/endpoint/held-run.js';
import { release } from '../../functions/core/endpoint/hold.js';
import type { Slot } from '../../functions/core/endpoint/limit-store.js';
import type { RetryPolicy } from '../../functions/core/endpoint/retry-policy.js';
import { makeId } from '../../functions/core/ids.js';
import type { FirePosition, RunPorts } from '../../functions/core/ports.js';
import type { Project } from '../../functions/core/project/project.js';
import {
  type Attempt,
  pendingState,
  type RunDefinition,
  type RunState,
  stateExpiry,
} from '../../functions/core/run/task-run.js';
import type {
  DeadLetterNotice,
  FireToken,
  LaneToken,
  ReleaseToken,
  WakeUpToken,
} from '../../functions/core/run/token.js';
import type { Schedule, ScheduleClock } from '../../functions/core/schedule/schedule.js';
import { fire } from '../../functions/core/schedule/schedule-chain.js';
import { createKeyring, seal } from '../../functions/core/sealed.js';
import { bury, deliver, settle } from '../../functions/deliverer/deliver.js';
import type { Worker } from '../../functions/deliverer/worker.js';
import { MemoryEvents } from './memory-events.js';

export const KEYRING = createKeyring('a master secret for tests');
export const PROJECT_ID = makeId('proj', 1_700_000_000_000, Buffer.alloc(8, 1));
export const ENDPOINT_ID = makeId('ep', 1_700_000_000_000, Buffer.alloc(8, 2));
export const START = 1_800_000_000_000;

const KEEP_MS = 30 * 86_400_000;

export class Killed extends Error {}

interface Message {
  readonly lane: Lane;
  readonly token: LaneToken;
  readonly due: number;
}

/** Knows what it held before. */
class Remembering<Value> extends Map<string, Value> {
  private readonly past = new Map<string, Value[]>();

  override set(key: string, value: Value): this {
    this.past.set(key, [...(this.past.get(key) ?? []), value]);
    return super.set(key, value);
  }

  override clear(): void {
    this.past.clear();
    super.clear();
  }

  /** The value before the last `writes` ones. */
  before(key: string, writes: number): Value | undefined {
    return this.past.get(key)?.at(-1 - writes);
  }
}

/** The deliverer's world in memory: tables, queues that may deliver twice, and a clock that moves by itself. */
export class MemoryWorld {
  now = START;
  readonly definitions = new Map<string, RunDefinition>();
  readonly states = new Remembering<RunState>();
  readonly attempts = new Map<string, Attempt>();
  /** Runs that were given a copy of their event's payload. */
  readonly payloadsKept = new Set<string>();
  /** Runs that the list of their endpoint finds. */
  readonly enlisted = new Set<string>();
  readonly letters = new Map<string, DeadLetter>();
  readonly policies = new Map<string, RetryPolicy>();
  readonly notices: DeadLetterNotice[] = [];
  readonly dispatched: WakeUpToken[] = [];
  readonly calls: { readonly run: string; readonly attempt: number; readonly at: number }[] = [];
  /** What was sent by each of the calls. */
  readonly requests: OutboundCall[] = [];
  messages: Message[] = [];
  readonly held = new Map<string, HeldRun>();
  readonly slots = new Map<number, Slot>();
  /** When the endpoint's clock of turns stands. */
  nextTurn = 0;
  readonly announced: Endpoint[] = [];
  readonly schedules = new Map<string, Schedule>();
  readonly clocks = new Map<string, ScheduleClock>();
  /** Wake-ups of schedules on their way. */
  fires: { readonly token: FireToken; readonly due: number; readonly name?: string | undefined }[] = [];
  private readonly fireNames = new Set<string>();
  endpoint: Endpoint = anEndpoint();
  project: Project = aProject();
  /** What the endpoint answers to its n-th call (from 0). */
  answer: (call: number) => Partial<CallOutcome> | Promise<Partial<CallOutcome>> = () => ({});
  /** By how many writes of a run's state a glimpse is behind. */
  lag: () => number = () => 0;
  /** When the message of a killed worker comes again. */
  redeliverMs = 60_000;
  /** Called before and after every port call: throw to die there. */
  at: (moment: string) => void = () => {};

  /** Each port call is a moment to die, before it takes effect and after it did. */
  step<Result>(name: string, effect: () => Result): Promise<Result> {
    return (async () => {
      this.at(`before ${name}`);
      const result = effect();
      this.at(`after ${name}`);
      return result;
    })();
  }

  readonly events = new MemoryEvents((name, effect) => this.step(name, effect));

  readonly ports: RunPorts = {
    events: this.events.store,
    listeners: this.events.ports,
    runs: {
      find: ({ run }) =>
        this.step('find', () => {
          const state = this.states.get(run);
          const definition = this.definitionOf(run, state) ?? (state ? undefined : this.unbegun(run));
          return { ...(definition && { definition }), ...(state && { state }) };
        }),
      definition: ({ run, page }) =>
        this.step('definition', () => (page ? this.unbegun(run) : this.definitions.get(run))),
      glimpse: ({ run }) =>
        this.step('glimpse', () => {
          const state = this.states.before(run, this.lag());
          const definition = this.definitionOf(run, state);
          return { ...(definition && { definition }), ...(state && { state }) };
        }),
      enlist: ({ id }) => this.step('enlist', () => void this.enlisted.add(id)),
      create: (run) =>
        this.step('create', () => {
          if (!this.definitions.has(run.id)) this.definitions.set(run.id, run);
        }),
      replace: (run) => this.step('replace', () => void this.definitions.set(run.id, run)),
      begin: ({ run }, state) =>
        this.step('begin', () => {
          if (this.states.has(run)) return false;
          this.states.set(run, state);
          return true;
        }),
      advance: ({ run }, seen, next) =>
        this.step('advance', () => {
          if (this.states.get(run)?.version !== seen.version) return false;
          this.states.set(run, next);
          return true;
        }),
      keepUntil: (found, expires_at) =>
        this.step('keepUntil', () => {
          if (found.definition === undefined) return;
          const { id, with_state } = found.definition;
          const row = this.definitions.get(id);
          if (row) this.definitions.set(id, { ...row, expires_at });
          const isWithout = with_state && !this.states.has(id);
          const state = isWithout ? pendingState(found.definition) : found.state && this.states.get(id);
          const definition = state?.definition && { ...state.definition, expires_at };
          const until = { expires_at: stateExpiry(expires_at), ...(definition && { definition }) };
          if (state) this.states.set(id, { ...state, ...until });
        }),
      keepPayload: ({ id }) => this.step('keepPayload', () => void this.payloadsKept.add(id)),
      isCancelRequested: async ({ run }) => this.states.get(run)?.cancel_requested === true,
      putAttempt: (attempt) => this.step('putAttempt', () => void this.attempts.set(attempt.id, attempt)),
      attempts: (_project, ids) => this.step('attempts', () => ids.map((id) => this.attempts.get(id)!)),
    },
    deadLetters: {
      find: ({ run }) => this.step('findLetter', () => this.letters.get(run)),
      bury: (letter) =>
        this.step('buryLetter', () => {
          const there = this.letters.get(letter.run.id);
          if (there === undefined || there.epoch < letter.epoch) this.letters.set(letter.run.id, letter);
        }),
      markReplayed: (letter, at, bulk_id) =>
        this.closeLetter(letter, { status: 'replayed', updated_at: at, ...(bulk_id && { bulk_id }) }),
      markResolved: (letter, at, note) => this.closeLetter(letter, { status: 'resolved', updated_at: at, note }),
    },
    config: {
      project: async () => this.project,
      endpoint: (_project, id) =>
        this.step('endpoint', () => [this.endpoint, ...this.events.listeners].find((endpoint) => endpoint.id === id)),
      retryPolicy: async (_project, id) => this.policies.get(id),
    },
    wakeUps: {
      sendToLane: (lane, token, due) => this.step('send', () => void this.messages.push({ lane, token, due })),
      sendToDispatcher: (token) => this.step('dispatch', () => void this.dispatched.push(token)),
      disarm: () => this.step('disarm', () => {}),
      sendFire: (token, due) =>
        this.step('sendFire', () => {
          const name = this.fireName(token, due, token.hop);
          // A name that was used once lingers.
          if (name === undefined || !this.fireNames.has(name)) this.fires.push({ token, due, name });
          if (name !== undefined) this.fireNames.add(name);
        }),
      fireName: (position, wakeAt) => this.fireName(position, wakeAt),
      disarmFire: (position) =>
        this.step('disarmFire', () => {
          const name = this.fireName(position, Infinity);
          this.fires = this.fires.filter((fired) => fired.name !== name);
        }),
    },
    schedules: {
      find: ({ schedule: id }) =>
        this.step('findSchedule', () => {
          const schedule = this.schedules.get(id);
          const clock = this.clocks.get(id);
          return { ...(schedule && { schedule }), ...(clock && { clock }) };
        }),
      putSchedule: (schedule) =>
        this.step('putSchedule', () => {
          const isNext = (this.schedules.get(schedule.id)?.version ?? 0) === schedule.version - 1;
          if (isNext) this.schedules.set(schedule.id, schedule);
          return isNext;
        }),
      begin: (clock) =>
        this.step('beginClock', () => {
          if (!this.clocks.has(clock.id)) this.clocks.set(clock.id, clock);
        }),
      moveOn: (seen, next) =>
        this.changeClock(seen, ['gen', 'next_at'], (current) => ({ ...next, gen: current.gen, ...lockOf(current) })),
      renew: (seen, next) => this.changeClock(seen, ['gen', 'next_at'], (current) => ({ ...next, ...lockOf(current) })),
      takeLock: (seen, lock_run, lock_claim) =>
        this.changeClock(seen, ['lock_run', 'lock_claim'], (current) => ({ ...current, lock_run, lock_claim })),
      remove: ({ schedule }) =>
        this.step('removeSchedule', () => {
          this.schedules.delete(schedule);
          this.clocks.delete(schedule);
        }),
      schedules: async () => [...this.schedules.values()],
      clocks: async () => [...this.clocks.values()],
    },
    deadLetterQueue: { send: (notice) => this.step('notice', () => void this.notices.push(notice)) },
    heldRuns: {
      put: (held) =>
        this.step('hold', () => {
          const { left_ms } = this.held.get(held.token.run) ?? held;
          const stands = { ...held, left_ms };
          this.held.set(held.token.run, stands);
          return stands;
        }),
      oldest: (_key, _shards, limit) =>
        this.step('oldest', () =>
          [...this.held.keys()]
            .sort()
            .slice(0, limit)
            .map((run) => this.held.get(run)!),
        ),
      remove: ({ token: { run }, nonce }) =>
        this.step('removeHeld', () => {
          if (this.held.get(run)?.nonce === nonce) this.held.delete(run);
        }),
    },
    limits: {
      bookTurn: (_key, intervalMs, now) =>
        this.step('bookTurn', () => {
          const at = Math.max(now, this.nextTurn);
          this.nextTurn = at + intervalMs;
          return at;
        }),
      slots: () => this.step('slots', () => [...this.slots.values()]),
      takeSlot: (_key, slot, holders, now) =>
        this.step('takeSlot', () => {
          const there = this.slots.get(slot.index);
          if (there && there.lease > now && !holders.includes(there.holder)) return false;
          this.slots.set(slot.index, slot);
          return true;
        }),
      freeSlot: (_key, index, holder) =>
        this.step('freeSlot', () => {
          if (this.slots.get(index)?.holder === holder) this.slots.delete(index);
        }),
    },
    clock: {
      now: () => this.now,
      sleep: async (ms) => {
        this.now += Math.max(0, ms);
      },
    },
  };

  readonly worker: Worker = {
    ...this.ports,
    call: async (call) => {
      this.at('before call');
      const run = call.headers['webhook-id']!;
      const started_at = this.now;
      this.requests.push(call);
      this.calls.push({ run, attempt: Number(call.headers['punctual-attempt']), at: started_at });
      const answer = await this.answer(this.calls.length - 1);
      this.now += 20;
      this.at('after call');
      return { ...anOutcome(), started_at, finished_at: this.now, ...answer };
    },
    health: {
      noteFailing: (_key, since) =>
        this.step('noteFailing', () => {
          const { recovered_at: _at, ...endpoint } = this.endpoint;
          if (endpoint.failing_since === undefined) this.endpoint = { ...endpoint, failing_since: since };
        }),
      noteRecovered: (_key, since, recovered_at) =>
        this.step('noteRecovered', () => {
          const { failing_since, ...endpoint } = this.endpoint;
          if (failing_since === since) this.endpoint = { ...endpoint, recovered_at };
        }),
      disable: (seen, disabled_reason, disabled_at) =>
        this.step('disable', () => {
          if (this.endpoint.updated_at !== seen.updated_at || this.endpoint.status === 'disabled') return false;
          const rev = (this.endpoint.rev ?? 0) + 1;
          const due = { announcement_due: true, rev };
          this.endpoint = { ...this.endpoint, status: 'disabled', disabled_reason, disabled_at, ...due };
          return true;
        }),
      noteAnnounced: (_key, at) =>
        this.step('noteAnnounced', () => {
          const { announcement_due: _due, ...endpoint } = this.endpoint;
          if (endpoint.disabled_at === at) this.endpoint = endpoint;
        }),
    },
    announceDisabled: (endpoint) => this.step('announce', () => void this.announced.push(endpoint)),
    keyring: async () => KEYRING,
    random: () => 0.5,
    randomBytes: (count) => Buffer.alloc(count, this.nonces++),
    settings: {
      lane: 'fast',
      version: '0.0.0',
      holdMs: 2_000,
      leaseMarginMs: 5_000,
      maxReclaims: 2,
      maxHops: 500,
      keepMs: 30 * 86_400_000,
    },
  };
  private nonces = 1;

  /** Every run that there is, as it was made. */
  runs(): RunDefinition[] {
    return [...this.definitions.values(), ...this.events.runs()];
  }

  /** Beyond 15 minutes a wake-up is armed under a name. */
  private fireName({ schedule, gen, occurrence }: FirePosition, wakeAt: number, hop = 0): string | undefined {
    return wakeAt - this.now > 900_000 ? `${schedule} ${gen} ${occurrence} ${hop}` : undefined;
  }

  private definitionOf(run: string, state: RunState | undefined): RunDefinition | undefined {
    const row = this.definitions.get(run);
    return row ?? (state?.definition && this.whole(state.definition));
  }

  private unbegun(id: string): RunDefinition | undefined {
    const run = this.events.runs().find((made) => made.id === id && made.expires_at > this.now);
    return run && this.whole(run);
  }

  /** With the payload that its event holds for it. */
  private whole(run: RunDefinition): RunDefinition {
    const payload = run.payload_with_event && this.events.events.get(run.source.id!)?.payload;
    return payload ? { ...run, payload } : run;
  }

  private closeLetter(letter: DeadLetter, change: Partial<DeadLetter>): Promise<boolean> {
    return this.step('closeLetter', () => {
      const there = this.letters.get(letter.run.id);
      if (there?.status !== 'open' || there.epoch !== letter.epoch) return false;
      this.letters.set(letter.run.id, { ...there, ...change });
      return true;
    });
  }

  private changeClock(
    seen: ScheduleClock,
    unchanged: readonly (keyof ScheduleClock)[],
    change: (current: ScheduleClock) => ScheduleClock,
  ): Promise<boolean> {
    return this.step('changeClock', () => {
      const current = this.clocks.get(seen.id);
      if (current === undefined || unchanged.some((name) => current[name] !== seen[name])) return false;
      this.clocks.set(seen.id, change(current));
      return true;
    });
  }

  /** Works off messages and wake-ups in order of their moments, up to `until`; a killed worker's comes back. */
  async runUntil(until: number): Promise<void> {
    for (;;) {
      const message = [...this.messages].sort((a, b) => a.due - b.due)[0];
      const fired = [...this.fires].sort((a, b) => a.due - b.due)[0];
      const next = Math.min(message?.due ?? Infinity, fired?.due ?? Infinity);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      const isFire = fired !== undefined && fired.due === next;
      try {
        if (isFire) {
          this.fires = this.fires.filter((one) => one !== fired);
          await fire(this.ports, fired.token, KEEP_MS);
        } else {
          this.messages = this.messages.filter((one) => one !== message);
          await this.receive(message!.token);
        }
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        if (isFire) this.fires.push({ ...fired, due: this.now + this.redeliverMs });
        else this.messages.push({ ...message!, due: this.now + this.redeliverMs });
      }
    }
    this.now = Math.max(this.now, until);
  }

  /** Works off every message in order of its due moment; one whose worker was killed comes back after a minute. */
  async settleDown(receives = new Map<Message, number>()): Promise<void> {
    for (let rounds = 0; ; rounds++) {
      if (rounds > 500) throw new Error('the queue never runs empty');
      await this.settleReleases();
      if (this.messages.length === 0) return;
      this.messages.sort((a, b) => a.due - b.due);
      const message = this.messages.shift()!;
      this.now = Math.max(this.now, message.due);
      const receive = (receives.get(message) ?? 0) + 1;
      try {
        await this.receive(message.token, receive);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        const again = { ...message, due: this.now + 60_000 };
        receives.set(again, receive);
        this.messages.push(again);
      }
    }
  }

  /** The dispatcher's part in pauses; one that is killed gets its message again. */
  async settleReleases(): Promise<void> {
    for (;;) {
      const position = this.dispatched.findIndex(({ kind }) => kind === 'release');
      if (position < 0) return;
      const [token] = this.dispatched.splice(position, 1) as [ReleaseToken];
      if (token.hop > 0) this.now += 1_000;
      await release(this.ports, token).catch((error) => {
        if (!(error instanceof Killed)) throw error;
        this.dispatched.push(token);
      });
    }
  }

  async receive(token: LaneToken, receive = 1): Promise<void> {
    const receipt = { remainingMs: () => 60_000, hideFor: () => {} };
    if (receive >= 5) await bury(this.worker, token);
    else if (token.kind === 'settle') await settle(this.worker, token);
    else await deliver(this.worker, token, receipt);
  }
}

export function anEndpoint(change: Partial<Endpoint> = {}): Endpoint {
  const { id = ENDPOINT_ID } = change;
  return {
    id,
    project_id: PROJECT_ID,
    name: 'billing',
    url: 'https://example.com/hook',
    method: 'POST',
    headers: {},
    timeout_ms: 10_000,
    status: 'active',
    signing_secrets: [seal(KEYRING, `whsec_${Buffer.alloc(24, 7).toString('base64')}`, id)],
    created_at: START,
    updated_at: START,
    ...change,
  };
}

function aProject(): Project {
  const signing_secret = seal(KEYRING, `whsec_${Buffer.alloc(24, 8).toString('base64')}`, PROJECT_ID);
  return {
    id: PROJECT_ID,
    name: 'shop',
    environment: 'production',
    shards: 1,
    signing_secret,
    created_at: START,
    updated_at: START,
  };
}

let runs = 0;
export function aRun(change: Partial<RunDefinition> = {}): RunDefinition {
  const serial = Buffer.alloc(8);
  serial.writeUInt32BE(++runs, 4);
  return {
    id: makeId('run', START, serial),
    project_id: PROJECT_ID,
    source: { type: 'api', id: null },
    endpoint_id: ENDPOINT_ID,
    payload: { format: 'json', body: '{"a":1}' },
    due: START,
    max_attempts: 3,
    created_at: START,
    expires_at: START + 30 * 86_400_000,
    ...change,
  };
}

export function anOutcome(change: Partial<CallOutcome> = {}): CallOutcome {
  return {
    status: 'success',
    http_status: 200,
    response_headers: {},
    response_body: 'ok',
    error: null,
    started_at: START,
    finished_at: START + 20,
    ...change,
  };
}

export const FAILED: Partial<CallOutcome> = {
  status: 'failed',
  http_status: 503,
  error: { code: 'http_503', message: 'The endpoint answered 503.' },
};

/** The overlap lock has its own writer. */
function lockOf({ lock_run, lock_claim }: ScheduleClock) {
  return { ...(lock_run && { lock_run }), ...(lock_claim && { lock_claim }) };
}
