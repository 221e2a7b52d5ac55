/** Messages with the same due moment and the same history. All times are seconds; 0 is the moment of the crowd. */
export interface Messages {
  readonly due: number;
  /** How often they came back, since a write was refused. */
  readonly refusals: number;
  readonly count: number;
}

export interface Arrival extends Messages {
  readonly at: number;
}

/** A queue with its function. */
export interface Stage {
  /** Batches that may be in progress, so many seconds after the stage's first message. */
  readonly batches: (seconds: number) => number;
  /** Receives a second, so many seconds after the stage's first message. */
  readonly receives: (seconds: number) => number;
  readonly batchSize: number;
  /** Time that a batch takes, besides waiting for due moments. */
  readonly batchSeconds: number;
  /** Writes of a message, from the budgets of these names. A message goes on only with all of them. */
  readonly writes: Readonly<Record<string, number>>;
  /** A function that holds its messages until they are due asks for the writes so long before that moment. */
  readonly asksAhead?: number;
  /** When a message that is done arrives at the next stage. Not of the last stage: there, the call begins. */
  readonly passesOn?: (now: number, due: number) => number;
}

export interface World {
  readonly stepSeconds: number;
  /** Writes a second of each budget. What is left over lasts for a second. */
  readonly budgets: Readonly<Record<string, number>>;
  readonly stages: readonly Stage[];
  /** Time for which a refused write is tried again before the message is given up to come back. */
  readonly patience: number;
  /** Messages come back after this time, some after half of it: they are spread over the second half. */
  readonly comesBackAfter: (refusals: number) => number;
}

/** So many calls that were so many seconds late. */
export interface Calls {
  readonly late: number;
  readonly count: number;
}

export interface Outcome {
  /** Ordered by lateness. */
  readonly calls: readonly Calls[];
  /** How often messages came back, all together. */
  readonly refusals: number;
}

/** Looked up once: where jest runs a file, each look at a global costs more than the rest of a step. */
const { ceil, floor, max, min, round } = Math;

/** Messages that come back are spread over their delay in groups of so many, and at most so many groups. */
const PART = 10;
const PARTS = 8;
/** Its multiples spread evenly between whole numbers, without chance. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
export const spread = (index: number): number => (index * GOLDEN_RATIO) % 1;
/** A crowd that is not called within a day is a mistake in the model. */
const MOST_SECONDS = 24 * 3600;

/** Follows a crowd from its arrival to its last call, step by step, without chance. */
export function simulate(world: World, arrivals: readonly Arrival[]): Outcome {
  const { stepSeconds } = world;
  const called = new Map<number, number>();
  const rooms = world.stages.map((stage) => new Room(stage, world));
  for (const arrival of arrivals) rooms[0]!.arrive(arrival, arrival.at);
  const budgets = new Budgets(world.budgets, stepSeconds);
  // The last stage first: what is about to be called does not wait for what is only being prepared.
  const lastFirst = [...rooms.entries()].reverse();
  let left = arrivals.reduce((total, { count }) => total + count, 0);
  const first = min(...arrivals.map(({ at }) => round(at / stepSeconds)));
  for (let step = first; left > 0; step++) {
    if (step * stepSeconds > MOST_SECONDS) throw new Error(`${left} messages are not called within a day`);
    budgets.refill();
    for (const [index, room] of lastFirst) {
      for (const done of room.move(step, budgets)) {
        const now = step * stepSeconds;
        const next = rooms[index + 1];
        if (next) next.arrive({ ...done, refusals: 0 }, max(now + stepSeconds, room.stage.passesOn!(now, done.due)));
        else {
          const late = max(0, step - round(done.due / stepSeconds));
          called.set(late, (called.get(late) ?? 0) + done.count);
          left -= done.count;
        }
      }
    }
  }
  const calls = [...called].sort(([one], [other]) => one - other);
  return {
    calls: calls.map(([late, count]) => ({ late: late * stepSeconds, count })),
    refusals: rooms.reduce((total, { refusals }) => total + refusals, 0),
  };
}

/** Lateness that the share of the calls does not exceed. */
export function quantile({ calls }: Outcome, share: number): number {
  const rank = share * calls.reduce((total, { count }) => total + count, 0);
  let passed = 0;
  for (const { late, count } of calls) {
    passed += count;
    if (passed >= rank) return late;
  }
  return Number.NaN;
}

/** A stage with what is in it. */
class Room {
  refusals = 0;
  private parts = 0;
  private readonly later = new Map<number, Messages[]>();
  private readonly ready = new Line<Messages>();
  private readonly asking = new Map<number, Messages[]>();
  private readonly asked = new Line<Messages & { readonly until: number }>();
  private readonly ending = new Map<number, number>();
  private begun: number | undefined;
  private busy = 0;
  private receives = 0;

  constructor(
    readonly stage: Stage,
    private readonly world: World,
  ) {}

  arrive({ due, refusals, count }: Messages, at: number): void {
    add(this.later, this.stepOf(at), { due, refusals, count });
  }

  /** One step: batches end, messages arrive, batches begin, writes are granted. Answers the messages that are done. */
  move(step: number, budgets: Budgets): Messages[] {
    this.busy -= take(this.ending, step) ?? 0;
    for (const messages of take(this.later, step) ?? []) this.ready.push(messages);
    if (this.ready.isEmpty && this.asking.size === 0 && this.asked.isEmpty) return [];
    this.begin(step);
    const until = step + this.stepOf(this.world.patience);
    for (const messages of take(this.asking, step) ?? []) this.asked.push({ ...messages, until });
    return this.grant(step, budgets);
  }

  private begin(step: number): void {
    this.begun ??= step;
    const { stage, world } = this;
    const seconds = (step - this.begun) * world.stepSeconds;
    const perStep = stage.receives(seconds) * world.stepSeconds;
    this.receives = min(this.receives + perStep, max(1, perStep));
    const room = floor(stage.batches(seconds));
    while (this.busy < room && this.receives >= 1 && !this.ready.isEmpty) {
      const batches = min(room - this.busy, floor(this.receives));
      const begun = this.beginAlike(step, batches) || this.beginMixed(step);
      this.busy += begun;
      this.receives -= begun;
    }
  }

  /** Full batches of messages that are alike, all at once. Answers how many. */
  private beginAlike(step: number, most: number): number {
    const { batchSize } = this.stage;
    const batches = min(most, floor(this.ready.first.count / batchSize));
    if (batches > 0) this.endLater(this.handle(step, this.ready.take(batches * batchSize)), batches);
    return batches;
  }

  /** One batch, of whatever is there. */
  private beginMixed(step: number): number {
    let ends = step;
    for (let free = this.stage.batchSize; free > 0 && !this.ready.isEmpty; ) {
      const messages = this.ready.take(free);
      free -= messages.count;
      ends = max(ends, this.handle(step, messages));
    }
    this.endLater(ends, 1);
    return 1;
  }

  /** Has messages ask for their writes in time. Answers the step in which they may go on. */
  private handle(step: number, messages: Messages): number {
    const { asksAhead } = this.stage;
    if (asksAhead === undefined) {
      add(this.asking, step, messages);
      return step;
    }
    const due = this.stepOf(messages.due);
    add(this.asking, max(step, due - this.stepOf(asksAhead)), messages);
    return max(step, due);
  }

  private endLater(goesOn: number, batches: number): void {
    const end = goesOn + max(1, this.stepOf(this.stage.batchSeconds));
    this.ending.set(end, (this.ending.get(end) ?? 0) + batches);
  }

  private grant(step: number, budgets: Budgets): Messages[] {
    const done: Messages[] = [];
    for (;;) {
      const granted = this.asked.isEmpty ? 0 : budgets.take(this.stage.writes, this.asked.first.count);
      if (granted === 0) break;
      done.push(this.asked.take(granted));
    }
    while (!this.asked.isEmpty && this.asked.first.until <= step)
      this.comeBack(this.asked.take(this.asked.first.count), step);
    return done;
  }

  private comeBack({ due, refusals, count }: Messages, step: number): void {
    this.refusals += count;
    const delay = this.world.comesBackAfter(refusals + 1);
    const parts = min(ceil(count / PART), PARTS);
    for (let part = 0; part < parts; part++) {
      const after = delay * (0.5 + spread(this.parts++) / 2);
      const at = step + max(1, this.stepOf(ceil(after)));
      add(this.later, at, { due, refusals: refusals + 1, count: share(count, parts, part) });
    }
  }

  private stepOf(seconds: number): number {
    return round(seconds / this.world.stepSeconds);
  }
}

/** First come, first served. */
class Line<Group extends Messages> {
  private groups: Group[] = [];
  private head = 0;

  get isEmpty(): boolean {
    return this.head === this.groups.length;
  }

  get first(): Group {
    return this.groups[this.head]!;
  }

  push(group: Group): void {
    this.groups.push(group);
  }

  /** Takes up to `count` messages of the first group. */
  take(count: number): Group {
    const group = this.first;
    if (group.count > count) {
      this.groups[this.head] = { ...group, count: group.count - count };
      return { ...group, count };
    }
    this.head++;
    if (this.head > this.groups.length / 2) [this.groups, this.head] = [this.groups.slice(this.head), 0];
    return group;
  }
}

class Budgets {
  private readonly left: Record<string, number>;

  constructor(
    private readonly perSecond: Readonly<Record<string, number>>,
    private readonly stepSeconds: number,
  ) {
    this.left = { ...perSecond };
  }

  refill(): void {
    for (const name in this.perSecond) {
      const most = this.perSecond[name]!;
      this.left[name] = min(most, this.left[name]! + most * this.stepSeconds);
    }
  }

  /** Takes the writes of up to `count` messages, and answers of how many. */
  take(writes: Readonly<Record<string, number>>, count: number): number {
    let granted = count;
    for (const name in writes) granted = min(granted, floor(this.left[name]! / writes[name]!));
    for (const name in writes) this.left[name]! -= writes[name]! * granted;
    return granted;
  }
}

/** Groups of the same messages are one group, so that a step has few. */
function add(at: Map<number, Messages[]>, step: number, messages: Messages): void {
  const groups = at.get(step);
  if (!groups) {
    at.set(step, [messages]);
    return;
  }
  const last = groups.at(-1)!;
  if (last.due === messages.due && last.refusals === messages.refusals)
    groups[groups.length - 1] = { ...last, count: last.count + messages.count };
  else groups.push(messages);
}

/** A part of a whole number, in whole numbers. */
export function share(count: number, parts: number, part: number): number {
  return floor(((part + 1) * count) / parts) - floor((part * count) / parts);
}

function take<Value>(from: Map<number, Value>, step: number): Value | undefined {
  const value = from.get(step);
  from.delete(step);
  return value;
}
