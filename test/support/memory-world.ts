import { createHash } from 'node:crypto';
import { deliver, settle } from '../../functions/deliverer/deliver.js';
import type { Worker } from '../../functions/deliverer/worker.js';
import type { HttpDestination } from '../../functions/destinations/http/http.js';
import type { OutboundRequest } from '../../functions/destinations/kind.js';
import type { CallOutcome } from '../../functions/destinations/outcome.js';
import type { Payload } from '../../functions/formats/format.js';
import { createKeyring, encrypt, encryptionWith } from '../../functions/primitives/encryption.js';
import { hexOf, makeId, shardOf } from '../../functions/primitives/ids.js';
import { release } from '../../functions/protocol/limits/held-runs.js';
import { livingBeyond } from '../../functions/protocol/messages/life.js';
import type { HeldRun } from '../../functions/protocol/rules/held-run.js';
import type { FirePosition, RunKey, RunPorts, StoredRun } from '../../functions/protocol/rules/ports.js';
import type {
  DeadLetterNotice,
  FireToken,
  LaneToken,
  ReleaseToken,
  WakeUpToken,
} from '../../functions/protocol/rules/token.js';
import { PayloadGoneError } from '../../functions/protocol/runs/lost-run.js';
import { fire } from '../../functions/protocol/schedules/schedule-chain.js';
import type { DeadLetter } from '../../functions/subjects/dead-letters/dead-letter.js';
import {
  type Endpoint,
  type EndpointKey,
  keyOfEndpoint,
  type Lane,
} from '../../functions/subjects/endpoints/endpoint.js';
import type { Slot } from '../../functions/subjects/endpoints/rate-booking.js';
import type { Project } from '../../functions/subjects/projects/project.js';
import type { RetryPolicy } from '../../functions/subjects/retry-policies/retry-policy.js';
import type { Schedule, ScheduleClock } from '../../functions/subjects/schedules/schedule.js';
import {
  type Attempt,
  type RunDefinition,
  type RunState,
  stateExpiry,
} from '../../functions/subjects/task-runs/task-run.js';
import { MemoryEvents } from './memory-events.js';
import { MemoryRateClocks } from './memory-rate-clocks.js';
import { MemoryRelays } from './memory-relays.js';

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

/** What was sent, and where. */
export type Arrived = OutboundRequest & Pick<HttpDestination, 'url' | 'method'>;
/** An endpoint whose target is a URL. */
export type HttpEndpoint = Extract<Endpoint, HttpDestination>;

/** The deliverer's world in memory: tables, queues that may deliver twice, and a clock that moves by itself. */
export class MemoryWorld {
  now = START;
  readonly definitions = new Map<string, RunDefinition>();
  readonly states = new Remembering<RunState>();
  readonly attempts = new Map<string, Attempt>();
  private readonly attemptsEnd = new Map<string, number>();
  /** Of runs that were given a copy of their event's payload. */
  readonly payloadsKept = new Map<string, { readonly payload: Payload; readonly expires_at: number }>();
  readonly letters = new Map<string, DeadLetter>();
  readonly policies = new Map<string, RetryPolicy>();
  readonly notices: DeadLetterNotice[] = [];
  readonly dispatched: WakeUpToken[] = [];
  readonly calls: { readonly run: string; readonly attempt: number; readonly at: number }[] = [];
  /** What was sent by each of the calls. */
  readonly requests: Arrived[] = [];
  messages: Message[] = [];
  readonly held = new Map<string, HeldRun>();
  private readonly limits = new Map<
    string,
    { readonly slots: Map<number, Slot>; readonly rateClocks: MemoryRateClocks }
  >();
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

  readonly events = new MemoryEvents(
    (name, effect) => this.step(name, effect),
    () => this.now,
  );

  readonly relays = new MemoryRelays((name, effect) => this.step(name, effect));

  readonly ports: RunPorts = {
    events: this.events.store,
    listeners: this.events.ports,
    runs: {
      find: (key) =>
        this.step('find', () => {
          const state = this.live(this.states.get(placeOf(key)));
          return this.found(key, state);
        }),
      definition: (key) => this.step('definition', () => this.definitionOf(key)),
      glimpse: (key) =>
        this.step('glimpse', () => {
          const state = this.live(this.states.before(placeOf(key), this.lag()));
          return this.found(key, state);
        }),
      create: (run) =>
        this.step('create', () => {
          const place = placeOf(keyOf(run));
          const { payload_id: _shared, ...own } = run;
          const row = run.payload ? own : run;
          if (!this.live(this.definitions.get(place))) this.definitions.set(place, toTheSecond(row));
        }),
      replace: (run) => this.step('replace', () => void this.definitions.set(placeOf(keyOf(run)), toTheSecond(run))),
      redact: (run) =>
        this.step('redactRun', () => {
          const place = placeOf(keyOf(run));
          if (this.definitions.has(place)) this.definitions.set(place, toTheSecond(run));
          this.payloadsKept.delete(place);
        }),
      begin: (key, state) =>
        this.step('begin', () => {
          if (this.live(this.states.get(placeOf(key)))) return false;
          this.states.set(placeOf(key), toTheSecond(state));
          return true;
        }),
      advance: (key, seen, next) =>
        this.step('advance', () => {
          if (this.states.get(placeOf(key))?.version !== seen.version) return false;
          this.states.set(placeOf(key), toTheSecond(next));
          return true;
        }),
      keepUntil: (found, expires_at) =>
        this.step('keepUntil', () => {
          if (found.definition === undefined) return;
          const place = placeOf(keyOf(found.definition));
          const row = this.definitions.get(place);
          if (row) this.definitions.set(place, toTheSecond({ ...row, expires_at }));
          this.keepCopy(found.definition, expires_at);
          const copy = this.payloadsKept.get(place);
          if (copy) this.payloadsKept.set(place, toTheSecond({ ...copy, expires_at }));
          const state = found.state && this.live(this.states.get(place));
          if (state) this.states.set(place, toTheSecond({ ...state, expires_at: stateExpiry(expires_at) }));
        }),
      keepAtLeast: ({ definition, state }, expires_at) =>
        this.step('keepAtLeast', () => {
          if (definition === undefined) return;
          const place = placeOf(keyOf(definition));
          const row = this.definitions.get(place);
          if (row)
            this.definitions.set(place, toTheSecond({ ...row, expires_at: Math.max(row.expires_at, expires_at) }));
          this.keepCopy(definition, expires_at);
          const there = state && this.states.get(place);
          if (there) this.states.set(place, livingBeyond({ keepMs: 0 }, there, expires_at));
        }),
      isCancelRequested: async (key) => this.live(this.states.get(placeOf(key)))?.cancel_requested === true,
      putAttempt: (attempt, expiresAt) =>
        this.step('putAttempt', () => {
          this.attempts.set(placeIn(attempt.project_id, attempt.id), attempt);
          this.attemptsEnd.set(placeIn(attempt.project_id, attempt.id), expiresAt);
        }),
      attempts: (project, ids) =>
        this.step('attempts', () =>
          ids
            .map((id) => placeIn(project, id))
            .filter((place) => this.isKept(place))
            .flatMap((place) => this.attempts.get(place) ?? []),
        ),
    },
    deadLetters: {
      find: (key) => this.step('findLetter', () => this.letters.get(placeOf(key))),
      bury: (letter) =>
        this.step('buryLetter', () => {
          const place = placeIn(letter.project_id, letter.run.id);
          const there = this.letters.get(place);
          if (there === undefined || there.epoch < letter.epoch) this.letters.set(place, letter);
        }),
      redact: (letter) =>
        this.step('redactLetter', () => {
          const place = placeIn(letter.project_id, letter.run.id);
          const there = this.letters.get(place);
          if (there && there.status !== 'open' && there.epoch === letter.epoch) this.letters.set(place, letter);
        }),
      markReplayed: (letter, at, bulk_id) =>
        this.closeLetter(letter, { status: 'replayed', updated_at: at, ...(bulk_id && { bulk_id }) }),
      markResolved: (letter, at, note) => this.closeLetter(letter, { status: 'resolved', updated_at: at, note }),
    },
    config: {
      project: async (id) => (id === this.project.id ? this.project : undefined),
      endpoint: (project, endpoint) => this.step('endpoint', () => this.endpointAt({ project, endpoint })),
      retryPolicy: async (project, id) => this.policies.get(placeIn(project, id)),
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
      find: ({ project, schedule: id }) =>
        this.step('findSchedule', () => {
          const schedule = this.schedules.get(placeIn(project, id));
          const clock = this.clocks.get(placeIn(project, id));
          return { ...(schedule && { schedule }), ...(clock && { clock }) };
        }),
      putSchedule: (schedule) =>
        this.step('putSchedule', () => {
          const place = placeIn(schedule.project_id, schedule.id);
          const isNext = (this.schedules.get(place)?.version ?? 0) === schedule.version - 1;
          if (isNext) this.schedules.set(place, schedule);
          return isNext;
        }),
      begin: (clock) =>
        this.step('beginClock', () => {
          const place = placeIn(clock.project_id, clock.id);
          if (!this.clocks.has(place)) this.clocks.set(place, clock);
        }),
      moveOn: (seen, next) =>
        this.changeClock(seen, ['gen', 'next_at'], (current) => ({ ...withLockOf(current, next), gen: current.gen })),
      renew: (seen, next) => this.changeClock(seen, ['gen', 'next_at'], (current) => withLockOf(current, next)),
      takeLock: (seen, lock_run, lock_claim) =>
        this.changeClock(seen, ['lock_run', 'lock_claim'], (current) => ({ ...current, lock_run, lock_claim })),
      remove: ({ project, schedule }) =>
        this.step('removeSchedule', () => {
          this.schedules.delete(placeIn(project, schedule));
          this.clocks.delete(placeIn(project, schedule));
        }),
      schedules: async (project, before, limit) => newestOf(this.schedules, project, before, limit),
      naming: async (project, { field, id }, limit) =>
        newestOf(this.schedules, project, undefined, Infinity)
          .filter((schedule) => schedule[field] === id)
          .map((schedule) => schedule.id)
          .slice(0, limit),
    },
    deadLetterQueue: { send: (notice) => this.step('notice', () => void this.notices.push(notice)) },
    heldRuns: {
      put: (held) =>
        this.step('hold', () => {
          const { left_ms } = this.held.get(heldPlace(held)) ?? held;
          const stands = { ...held, left_ms };
          this.held.set(heldPlace(held), stands);
          return stands;
        }),
      oldest: ({ project, endpoint }, shards, limit) =>
        this.step('oldest', () =>
          [...this.held.values()]
            .filter((held) => held.project === project && held.endpoint === endpoint)
            .filter(({ token: { run } }) => shardOf(run) < shards)
            .sort((a, b) => (a.token.run < b.token.run ? -1 : 1))
            .slice(0, limit),
        ),
      remove: (held) =>
        this.step('removeHeld', () => {
          if (this.held.get(heldPlace(held))?.nonce === held.nonce) this.held.delete(heldPlace(held));
        }),
    },
    limits: {
      bookMoment: (key, ...asked) =>
        this.step('bookMoment', () => this.limitsOf(key).rateClocks.store.bookMoment(key, ...asked)),
      takeMoment: (key, ...asked) =>
        this.step('takeMoment', () => this.limitsOf(key).rateClocks.store.takeMoment(key, ...asked)),
      bookAgain: (key, ...asked) =>
        this.step('bookAgain', () => this.limitsOf(key).rateClocks.store.bookAgain(key, ...asked)),
      slots: (key) =>
        this.step('slots', () => [...this.limitsOf(key).slots.values()].sort((a, b) => a.index - b.index)),
      takeSlot: (key, slot, holders, now) =>
        this.step('takeSlot', () => {
          const { slots } = this.limitsOf(key);
          const there = slots.get(slot.index);
          if (there && there.lease > now && !holders.includes(there.holder)) return false;
          slots.set(slot.index, slot);
          return true;
        }),
      freeSlot: (key, index, holder) =>
        this.step('freeSlot', () => {
          const { slots } = this.limitsOf(key);
          if (slots.get(index)?.holder === holder) slots.delete(index);
        }),
    },
    keepMs: KEEP_MS,
    clock: {
      now: () => this.now,
      sleep: async (ms) => {
        this.now += Math.max(0, ms);
      },
    },
  };

  readonly worker: Worker = {
    ...this.ports,
    call: async (destination, request) => {
      const { url, method } = destination as HttpDestination;
      this.at('before call');
      const run = request.headers['webhook-id']!;
      const started_at = this.now;
      this.requests.push({ ...request, url, method });
      this.calls.push({ run, attempt: Number(request.headers['punctual-attempt']), at: started_at });
      const answer = await this.answer(this.calls.length - 1);
      this.now += 20;
      this.at('after call');
      return { ...anOutcome(), started_at, finished_at: this.now, ...answer };
    },
    health: {
      noteFailing: async (key, since) =>
        void (await this.changeEndpoint('noteFailing', key, ({ recovered_at: _at, ...endpoint }) =>
          endpoint.failing_since === undefined ? { ...endpoint, failing_since: since } : undefined,
        )),
      noteRecovered: async (key, since, recovered_at) =>
        void (await this.changeEndpoint('noteRecovered', key, ({ failing_since, ...endpoint }) =>
          failing_since === since ? { ...endpoint, recovered_at } : undefined,
        )),
      disable: (seen, disabled_reason, disabled_at) =>
        this.changeEndpoint('disable', keyOfEndpoint(seen), (endpoint) => {
          const isOwn = endpoint.disabled_at === disabled_at;
          if (endpoint.updated_at !== seen.updated_at || (endpoint.status === 'disabled' && !isOwn)) return undefined;
          const due = { announcement_due: true, rev: (endpoint.rev ?? 0) + 1 };
          return { ...endpoint, status: 'disabled', disabled_reason, disabled_at, ...due };
        }),
      noteAnnounced: async (key, at) =>
        void (await this.changeEndpoint('noteAnnounced', key, ({ announcement_due: _due, ...endpoint }) =>
          endpoint.disabled_at === at ? endpoint : undefined,
        )),
      forgetListener: async (key, listener) =>
        void (await this.changeEndpoint('forgetListener', key, ({ listener_id, ...endpoint }) =>
          listener_id === listener ? endpoint : undefined,
        )),
    },
    announceDisabled: (endpoint) => this.step('announce', () => void this.announced.push(endpoint)),
    ...encryptionWith(async () => KEYRING),
    claims: this.relays.claims,
    relays: this.relays.store,
    noteBraked: () => {},
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
    return [...this.definitions.values()];
  }

  /** Beyond 15 minutes a wake-up is armed under a name. */
  private fireName({ schedule, gen, occurrence }: FirePosition, wakeAt: number, hop = 0): string | undefined {
    return wakeAt - this.now > 900_000 ? `${schedule} ${gen} ${occurrence} ${hop}` : undefined;
  }

  /** What lists show of all projects: each run as it stands, but for a payload that lies elsewhere. */
  liveRuns(): { readonly definition: RunDefinition; readonly state?: RunState }[] {
    return this.runs().flatMap((made) => {
      const place = placeOf(keyOf(made));
      const state = this.live(this.states.get(place));
      const definition = this.live(made);
      return definition ? [{ definition, ...(state && { state }) }] : [];
    });
  }

  liveAttempts(): Attempt[] {
    return [...this.attempts.keys()].filter((place) => this.isKept(place)).map((place) => this.attempts.get(place)!);
  }

  private isKept(attempt: string): boolean {
    return (this.attemptsEnd.get(attempt) ?? Infinity) > this.now;
  }

  /** Slots and rate clocks of the world's own endpoint. */
  get slots(): Map<number, Slot> {
    return this.limitsOf({ project: PROJECT_ID, endpoint: ENDPOINT_ID }).slots;
  }

  get rateClocks(): MemoryRateClocks {
    return this.limitsOf({ project: PROJECT_ID, endpoint: ENDPOINT_ID }).rateClocks;
  }

  limitsOf({ project, endpoint }: EndpointKey) {
    const place = `${project} ${endpoint}`;
    const limits = this.limits.get(place) ?? { slots: new Map<number, Slot>(), rateClocks: new MemoryRateClocks() };
    this.limits.set(place, limits);
    return limits;
  }

  private endpointAt({ project, endpoint }: EndpointKey): Endpoint | undefined {
    return [this.endpoint, ...this.events.listeners].find(
      ({ project_id, id }) => project_id === project && id === endpoint,
    );
  }

  /** `change` answers nothing when its condition does not hold. */
  private changeEndpoint(
    name: string,
    key: EndpointKey,
    change: (current: Endpoint) => Endpoint | undefined,
  ): Promise<boolean> {
    return this.step(name, () => {
      const current = this.endpointAt(key);
      const next = current && change(current);
      if (next === undefined) return false;
      if (current === this.endpoint) this.endpoint = next;
      else this.events.listeners = this.events.listeners.map((each) => (each === current ? next : each));
      return true;
    });
  }

  /** Nothing once its time is up. */
  private live<Item extends { readonly expires_at: number }>(item: Item | undefined): Item | undefined {
    return item && item.expires_at > this.now ? item : undefined;
  }

  private found(key: RunKey, state: RunState | undefined): StoredRun {
    try {
      const definition = this.definitionOf(key);
      return { ...(definition && { definition }), ...(state && { state }) };
    } catch (error) {
      throw error instanceof PayloadGoneError && state ? new PayloadGoneError({ ...error.found, state }) : error;
    }
  }

  /** With the payload that its event holds for it, or its own copy of that. */
  private definitionOf(key: RunKey): RunDefinition | undefined {
    const run = this.live(this.definitions.get(placeOf(key)));
    if (run?.payload_id === undefined) return run;
    const shared = this.events.payloadOf(run.project_id, run.payload_id);
    const payload = shared ?? this.live(this.payloadsKept.get(placeOf(key)))?.payload;
    if (payload === undefined) throw new PayloadGoneError({ definition: run });
    return { ...run, payload };
  }

  /** A copy of its event's payload, beside a run that may outlive that, for as long as it lives, or longer. */
  private keepCopy(run: RunDefinition, expiresAt: number): void {
    if (run.payload_id === undefined || expiresAt <= run.expires_at) return;
    const payload = run.payload ?? this.events.payloadOf(run.project_id, run.payload_id);
    const place = placeOf(keyOf(run));
    const copy = payload && toTheSecond({ payload, expires_at: expiresAt });
    if (copy && (this.payloadsKept.get(place)?.expires_at ?? 0) < copy.expires_at) this.payloadsKept.set(place, copy);
  }

  private closeLetter(letter: DeadLetter, change: Partial<DeadLetter>): Promise<boolean> {
    return this.step('closeLetter', () => {
      const place = placeIn(letter.project_id, letter.run.id);
      const there = this.letters.get(place);
      if (there?.status !== 'open' || there.epoch !== letter.epoch) return false;
      this.letters.set(place, { ...there, ...change });
      return true;
    });
  }

  private changeClock(
    seen: ScheduleClock,
    unchanged: readonly (keyof ScheduleClock)[],
    change: (current: ScheduleClock) => ScheduleClock,
  ): Promise<boolean> {
    return this.step('changeClock', () => {
      const place = placeIn(seen.project_id, seen.id);
      const current = this.clocks.get(place);
      if (current === undefined || unchanged.some((name) => current[name] !== seen[name])) return false;
      this.clocks.set(place, change(current));
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
          await fire(this.ports, fired.token);
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
  async settleDown(): Promise<void> {
    for (let rounds = 0; ; rounds++) {
      if (rounds > 500) throw new Error('the queue never runs empty');
      await this.settleReleases();
      if (this.messages.length === 0) return;
      this.messages.sort((a, b) => a.due - b.due);
      const message = this.messages.shift()!;
      this.now = Math.max(this.now, message.due);
      try {
        await this.receive(message.token);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        this.messages.push({ ...message, due: this.now + 60_000 });
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

  async receive(token: LaneToken): Promise<void> {
    const receipt = { remainingMs: () => 60_000, hideFor: () => {}, showAfter: () => {} };
    const life: Life = {};
    const worker = mortal(this.worker, life);
    try {
      if (token.kind === 'settle') await settle(worker, token);
      else await deliver(worker, token, receipt);
    } catch (error) {
      throw life.death ?? error;
    }
  }
}

interface Life {
  death?: Killed;
}

/** The same ports, of a process that may die: once it has, none of them does anything more, whatever the code catches. */
function mortal<Ports extends object>(ports: Ports, life: Life): Ports {
  const noted = (error: unknown): never => {
    if (error instanceof Killed) life.death = error;
    throw error;
  };
  return new Proxy(ports, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value === 'object' && value !== null && name !== 'settings') return mortal(value, life);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (life.death) throw life.death;
        const result: unknown = value.apply(target, args);
        return result instanceof Promise ? result.catch(noted) : result;
      };
    },
  });
}

export function anEndpoint(change: Partial<HttpEndpoint> = {}): HttpEndpoint {
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
    signing_secrets: [encrypt(KEYRING, `whsec_${Buffer.alloc(24, 7).toString('base64')}`, id)],
    created_at: START,
    updated_at: START,
    ...change,
  };
}

function aProject(): Project {
  const signing_secret = encrypt(KEYRING, `whsec_${Buffer.alloc(24, 8).toString('base64')}`, PROJECT_ID);
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

let schedules = 0;
/** A schedule of every minute; each has an id, and so a shard, of its own. */
export function aSchedule(change: Partial<Schedule> = {}): Schedule {
  return {
    id: makeId('sch', START, createHash('sha256').update(`${++schedules}`).digest()),
    project_id: PROJECT_ID,
    name: 'every minute',
    cron: '* * * * *',
    timezone: 'UTC',
    endpoint_id: ENDPOINT_ID,
    overlap_policy: 'allow',
    misfire_policy: 'fire_once',
    misfire_grace_seconds: 60,
    created_at: START,
    updated_at: START,
    version: 1,
    ...change,
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
function withLockOf({ lock_run, lock_claim }: ScheduleClock, next: ScheduleClock): ScheduleClock {
  const { lock_run: _run, lock_claim: _claim, ...own } = next;
  return { ...own, ...(lock_run && { lock_run }), ...(lock_claim && { lock_claim }) };
}

/** What belongs to the world's own project goes by its id alone, under which a test finds it. */
function placeIn(project: string, id: string): string {
  return project === PROJECT_ID ? id : `${project} ${id}`;
}

function placeOf({ project, run }: RunKey): string {
  return placeIn(project, run);
}

function keyOf({ project_id, id }: RunDefinition): RunKey {
  return { project: project_id, run: id };
}

function heldPlace({ project, endpoint, token }: HeldRun): string {
  return placeIn(project, endpoint === ENDPOINT_ID ? token.run : `${endpoint} ${token.run}`);
}

/** An end is kept in whole seconds. */
function toTheSecond<Item extends { readonly expires_at: number }>(item: Item): Item {
  const expires_at = Math.ceil(item.expires_at / 1_000) * 1_000;
  return expires_at === item.expires_at ? item : { ...item, expires_at };
}

function newestOf<Item extends { readonly id: string; readonly project_id: string }>(
  items: ReadonlyMap<string, Item>,
  project: string,
  before: string | undefined,
  limit: number,
): Item[] {
  return [...items.values()]
    .filter(({ id, project_id }) => project_id === project && (before === undefined || hexOf(id) < hexOf(before)))
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}
