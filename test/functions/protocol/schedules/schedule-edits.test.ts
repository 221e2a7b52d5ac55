import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ConflictError } from '../../../../functions/primitives/faults.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { FireToken } from '../../../../functions/protocol/rules/token.js';
import {
  changeSchedule,
  createSchedule,
  fire,
  rearmSchedule,
} from '../../../../functions/protocol/schedules/schedule-chain.js';
import { occurrencesAfter, type Schedule } from '../../../../functions/subjects/schedules/schedule.js';
import { Killed, MemoryWorld, PROJECT_ID, START } from '../../../support/memory-world.js';

const NOON = Math.ceil(START / 3_600_000) * 3_600_000;
/** What is due so soon after a change still belongs to the schedule as it was. */
const BEGUN_MS = 1_000;
const KEY = { project: PROJECT_ID, schedule: makeId('sch', START, createHash('sha256').digest()) };

type Change = Partial<Pick<Schedule, 'cron' | 'max_runs' | 'name'>>;
type Status = 'active' | 'paused';

/**
 * The plain model: a schedule owns the occurrences of what it is at their moments, while it is active and may have more
 * runs. It knows nothing of wake-ups, generations, and what is made ahead.
 */
class Model {
  readonly owned = new Set<number>();
  /** When the schedule was paused, or its moments were changed. */
  readonly pauses: number[] = [];
  readonly turns: number[] = [];
  private since = NOON;

  constructor(
    public schedule: Schedule,
    public status: Status,
  ) {}

  /** All occurrences before `until` are the schedule's as it is. */
  passUntil(until: number): void {
    const { schedule, owned } = this;
    if (this.status === 'active')
      for (const at of occurrencesAfter(schedule, this.since, 1_000)) {
        if (at >= until || owned.size >= (schedule.max_runs ?? Infinity)) break;
        owned.add(at);
      }
    this.since = Math.max(this.since, until - 1);
  }

  /** Of what is `refused`, the run was taken back before, and might just have been cancelled. */
  change(now: number, schedule: Schedule, status: Status, isRefused: (at: number) => boolean): void {
    this.passUntil(now + BEGUN_MS);
    if (status === 'paused') this.pauses.push(now);
    else if (schedule.cron !== this.schedule.cron) this.turns.push(now);
    this.schedule = schedule;
    this.status = status;
    if (status === 'paused') return;
    for (const at of occurrencesAfter(schedule, now, 2)) {
      const hasRoom = this.owned.size < (schedule.max_runs ?? Infinity);
      if (at < now + BEGUN_MS && hasRoom && !isRefused(at)) this.owned.add(at);
    }
  }
}

/** The chain and the deliverer in memory; the schedule's payload says of which version it is. */
class Real {
  /** What calls sent that should have sent something else. */
  readonly wrong: string[] = [];
  private readonly begunWith = new Map<string, string>();
  kills = 0;
  isLaneLate = false;
  /** To be done while the next run is between the gate and its call. */
  atTheGate: (() => Promise<void>) | undefined;
  private passedTheGateWith: string | undefined;
  private isClaimed = false;
  private left = Infinity;

  constructor(readonly world = new MemoryWorld()) {
    const { clock, wakeUps } = this.world.ports;
    const { sendToLane } = wakeUps;
    // As its delay has it, a first attempt comes a little before its moment.
    wakeUps.sendToLane = (lane, token, due) =>
      sendToLane(lane, token, token.kind === 'deliver' && token.due === due ? due - 1_500 : due);
    clock.sleep = async (ms) => {
      const act = this.isClaimed ? this.atTheGate : undefined;
      this.world.now += ms / 2;
      if (act) {
        this.atTheGate = undefined;
        const { body } = this.schedule.payload!;
        await act();
        this.passedTheGateWith = body;
      }
      this.world.now += ms / 2;
    };
    this.world.now = NOON;
    this.world.redeliverMs = 2_000;
    this.world.at = (moment) => {
      this.isClaimed = moment === 'after begin' && [...this.world.states.values()].at(-1)!.status === 'running';
      if (this.left-- > 0) return;
      this.left = Infinity;
      this.isClaimed = false;
      this.passedTheGateWith = undefined;
      throw new Killed(moment);
    };
    this.world.answer = () => {
      const { run } = this.world.calls.at(-1)!;
      const sent = String(this.world.requests.at(-1)!.body);
      // The worker that takes over a lost worker's attempt goes on with the payload that the lost worker began with.
      const isFirst = this.world.states.get(run)!.reclaims === 0;
      const begunWith = this.passedTheGateWith ?? this.begunWith.get(run);
      this.passedTheGateWith = undefined;
      const expected = begunWith ?? (isFirst ? this.schedule.payload!.body : sent);
      if (sent !== expected) this.wrong.push(`${sent} instead of ${expected}`);
      this.begunWith.set(run, sent);
      return {};
    };
  }

  get schedule(): Schedule {
    return this.world.schedules.get(KEY.schedule)!;
  }

  get clock() {
    return this.world.clocks.get(KEY.schedule)!;
  }

  killIn(calls: number): void {
    this.kills++;
    this.left = calls;
  }

  /** As the API does; a client without an answer asks again. */
  async change(change: Change, status: Status): Promise<void> {
    for (;;) {
      try {
        const seen = await this.world.ports.schedules.find(KEY);
        const { schedule, clock } = seen as Required<typeof seen>;
        const version = schedule.version + 1;
        const next = { ...schedule, ...change, version, payload: payloadOf(version) };
        return await changeSchedule(this.world.ports, next, { schedule, clock }, status);
      } catch (error) {
        if (!(error instanceof Killed || error instanceof ConflictError)) throw error;
      }
    }
  }
}

const payloadOf = (version: number) => ({ format: 'text', body: `of version ${version}` }) as const;

type Command = fc.AsyncCommand<Model, Real>;

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

const pass = (ms: number) =>
  command(`pass ${ms}`, async (model, real) => {
    await real.world.runUntil(real.world.now + ms);
    model.passUntil(real.world.now);
  });

async function changeNow(model: Model, real: Real, what: Change, status: Status): Promise<void> {
  await real.change(what, status);
  const { next_at = Infinity, dropped = [] } = real.clock;
  model.change(real.world.now, real.schedule, status, (at) => dropped.includes(at) && at < next_at);
}

const change = (what: Change, wanted?: Status) =>
  command(`change ${JSON.stringify(what)} ${wanted ?? ''}`, (model, real) =>
    changeNow(model, real, what, wanted ?? model.status),
  );

const changeAtTheGate = (what: Change, wanted?: Status) =>
  command(`change at the gate ${JSON.stringify(what)} ${wanted ?? ''}`, async (model, real) => {
    real.atTheGate = () => changeNow(model, real, what, wanted ?? model.status);
  });

const stallFires = (ms: number) =>
  command(`stall fires ${ms}`, async (_model, { world }) => {
    world.fires = world.fires.map((fired) => ({ ...fired, due: Math.max(fired.due, world.now + ms) }));
  });

const stallLane = (ms: number) =>
  command(`stall lane ${ms}`, async (_model, real) => {
    real.isLaneLate = true;
    const { world } = real;
    world.messages = world.messages.map((message) => ({ ...message, due: Math.max(message.due, world.now + ms) }));
  });

const kill = (calls: number) => command(`kill in ${calls}`, async (_model, real) => real.killIn(calls));

const repeat = command('repeat', async (_model, { world }) => {
  world.fires.push(...world.fires.slice(-1));
  world.messages.push(...world.messages.slice(-2));
});

const loseAndRearm = command('lose and rearm', async (_model, { world }) => {
  world.fires = [];
  await rearmSchedule(world.ports, KEY, 0).catch(() => rearmSchedule(world.ports, KEY, 0));
  world.fires = world.fires.length > 0 ? world.fires : unarmed(world);
});

/** The wake-up of a clock whose moment has not come: no step arms this wake-up again. */
function unarmed(world: MemoryWorld): MemoryWorld['fires'] {
  const { gen, next_at, tok } = world.clocks.get(KEY.schedule)!;
  if (next_at === undefined) return [];
  const token = { kind: 'fire', ...KEY, gen, occurrence: next_at, nonce: tok!, sent_at: world.now, hop: 0 } as const;
  return [{ token, due: next_at - 5_000 }];
}

const crons = ['* * * * * *', '*/2 * * * * *', '*/7 * * * * *', '* * * * *', '30 * * * * *'];
const changes: fc.Arbitrary<[Change, Status?]> = fc.oneof(
  fc.constant<[Change]>([{ name: 'renamed' }]),
  fc.constantFrom(...crons).map((cron): [Change] => [{ cron }]),
  fc.constantFrom<Status>('paused', 'active').map((status): [Change, Status] => [{}, status]),
  fc.option(fc.integer({ min: 1, max: 90 })).map((most): [Change] => [{ max_runs: most ?? 1_000_000 }]),
);
const commands = fc.commands(
  [
    fc.integer({ min: 1, max: 9_000 }).map(pass),
    fc.integer({ min: 1, max: 70_000 }).map(pass),
    changes.map((some) => change(...some)),
    changes.map((some) => change(...some)),
    changes.map((some) => change(...some)),
    changes.map((some) => changeAtTheGate(...some)),
    fc.integer({ min: 1, max: 50_000 }).map(stallFires),
    fc.integer({ min: 1, max: 20_000 }).map(stallLane),
    fc.integer({ min: 0, max: 80 }).map(kill),
    fc.constant(repeat),
    fc.constant(loseAndRearm),
  ],
  { maxCommands: 25 },
);

async function check(model: Model, real: Real): Promise<void> {
  const { world } = real;
  real.atTheGate = undefined;
  await real.change({}, 'paused');
  model.change(world.now, real.schedule, 'paused', () => false);
  await world.runUntil(world.now + 120_000);

  const owned = [...model.owned].sort((a, b) => a - b);
  expect(real.clock.runs).toBe(owned.length);
  const runs = new Map([...world.definitions.values()].map((run) => [run.occurrence!, run]));
  const timesCalled = (at: number) => world.calls.filter(({ run }) => run === runs.get(at)?.id).length;
  const lost = owned.filter((at) => timesCalled(at) === 0 && !wasTakenBack(at));
  expect(lost.map((at) => (at - NOON) / 1000)).toEqual([]);
  const calledInVain = [...runs.keys()].filter((at) => !model.owned.has(at) && timesCalled(at) > 0);
  expect(calledInVain.map((at) => (at - NOON) / 1000)).toEqual([]);
  const repeated = owned.map((at) => timesCalled(at) - 1).reduce((sum, more) => sum + Math.max(0, more), 0);
  expect(repeated).toBeLessThanOrEqual(real.kills);
  expect(real.wrong).toEqual([]);

  /** Due before a pause (or, where its lane was late, before its moment was taken away), and then cancelled for all to see. */
  function wasTakenBack(at: number): boolean {
    const { status, finished_at = 0 } = world.states.get(runs.get(at)?.id ?? '') ?? {};
    const turns = [...model.pauses, ...(real.isLaneLate ? model.turns : [])];
    return status === 'cancelled' && turns.some((turn) => turn > at - BEGUN_MS && turn <= finished_at);
  }
}

const aSchedule = (cron: string): Schedule => ({
  id: KEY.schedule,
  project_id: PROJECT_ID,
  name: 'edited',
  cron,
  timezone: 'UTC',
  target: { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 10_000 },
  payload: payloadOf(1),
  overlap_policy: 'allow',
  misfire_policy: 'fire_once',
  misfire_grace_seconds: 3_600,
  created_at: START,
  updated_at: START,
  version: 1,
});

async function started(schedule: Schedule, world?: MemoryWorld): Promise<{ model: Model; real: Real }> {
  const real = new Real(world);
  await createSchedule(real.world.ports, schedule, 'active', 0);
  return { model: new Model(schedule, 'active'), real };
}

/** So many in every `npm test`; more of them find what is rarer. */
const STORIES = Number(process.env['EDIT_STORIES'] ?? 150);

test('whatever changes come, and however late the rest is: each occurrence has one run, and is counted once', async () => {
  const story = async (cron: string, of: Iterable<Command>) => {
    const both = await started(aSchedule(cron));
    await fc.asyncModelRun(() => both, of);
    await check(both.model, both.real);
  };
  await fc.assert(fc.asyncProperty(fc.constantFrom(...crons), commands, story), { numRuns: STORIES });
}, 600_000);

/** At one of its port calls, another actor acts first. */
class InterruptedWorld extends MemoryWorld {
  private left = Infinity;
  private act = async () => {};

  interruptAt(call: number, act: () => Promise<void>): void {
    this.left = call;
    this.act = act;
  }

  get wasInterrupted(): boolean {
    return this.left < 0;
  }

  override async step<Result>(name: string, effect: () => Result): Promise<Result> {
    if (this.left-- === 0) await this.act();
    return super.step(name, effect);
  }
}

/** What one does comes between any two calls of the other's, `secondsBefore` the first occurrence of a minutely schedule. */
async function atEveryCall(
  secondsBefore: number,
  actors: (real: Real) => [() => Promise<void>, () => Promise<void>],
  goOn: (model: Model, real: Real) => Promise<void>,
): Promise<void> {
  for (const isFirst of [true, false])
    for (let call = 0, interrupted = true; interrupted; call++) {
      const world = new InterruptedWorld();
      const { model, real } = await started(aSchedule('* * * * *'), world);
      world.now = NOON + 60_000 - secondsBefore * 1_000;
      const [first, second] = isFirst ? actors(real) : actors(real).reverse();
      world.interruptAt(call, second!);
      await first!();
      interrupted = world.wasInterrupted;
      if (!interrupted) {
        world.interruptAt(Infinity, async () => {});
        await second!();
      }
      await goOn(model, real);
      await check(model, real);
    }
}

const fires = (real: Real) => () => {
  const fired = real.world.fires.shift()!;
  return fire(real.world.ports, fired.token);
};

describe.each([4, -2])('%i seconds before an occurrence', (secondsBefore) => {
  test.each<[string, Change, Status]>([
    ['a new name', { name: 'renamed' }, 'active'],
    ['another expression', { cron: '30 * * * * *' }, 'active'],
    ['one more often', { cron: '*/20 * * * * *' }, 'active'],
    ['a bound', { max_runs: 1 }, 'active'],
    ['a pause', {}, 'paused'],
  ])('its fire and %s come together', async (_name, what, status) => {
    await atEveryCall(
      secondsBefore,
      (real) => [fires(real), () => real.change(what, status)],
      async (model, real) => {
        model.change(real.world.now, real.schedule, status, () => false);
        const { world } = real;
        // In a lane that is late, what was taken back comes when the schedule is active again.
        const late = world.now + 12_000;
        real.isLaneLate = true;
        world.messages = world.messages.map((message) => ({ ...message, due: Math.max(message.due, late) }));
        await world.runUntil(world.now + 10_000);
        await changeNow(model, real, { cron: '* * * * *' }, 'active');
        await world.runUntil(world.now + 90_000);
      },
    );
  });

  test.each<[string, (real: Real, wakeUp: FireToken) => Promise<unknown>]>([
    ['itself again', ({ world }, wakeUp) => fire(world.ports, wakeUp)],
    ['the reconciler', ({ world }) => rearmSchedule(world.ports, KEY, 0)],
  ])('its fire and %s come together', async (_name, act) => {
    await atEveryCall(
      secondsBefore,
      (real) => {
        const { token } = real.world.fires[0]!;
        return [fires(real), async () => void (await act(real, token))];
      },
      async (model, real) => {
        await real.world.runUntil(real.world.now + 200_000);
        model.passUntil(real.world.now);
      },
    );
  });

  test('two changes come together', async () => {
    await atEveryCall(
      secondsBefore,
      (real) => [() => real.change({ name: 'renamed' }, 'active'), () => real.change({ max_runs: 2 }, 'active')],
      async (model, real) => {
        expect(real.schedule).toMatchObject({ name: 'renamed', max_runs: 2 });
        model.change(real.world.now, real.schedule, 'active', () => false);
        await real.world.runUntil(real.world.now + 200_000);
      },
    );
  });
});
