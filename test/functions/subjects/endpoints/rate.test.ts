import fc from 'fast-check';
import type { Endpoint } from '../../../../functions/subjects/endpoints/endpoint.js';
import {
  arrivalOf,
  decideBooking,
  type LimitStore,
  type RateBooking,
  seekMoment,
} from '../../../../functions/subjects/endpoints/rate-booking.js';
import { MemoryRateClocks } from '../../../support/memory-rate-clocks.js';
import { mostInASecond } from '../../../support/most-in-a-second.js';

const VISIBILITY_MS = 60_000;

/** How a lane brings its messages: `late` answers when one that should come at `at` does. */
interface Lane {
  readonly rate: number;
  readonly runs: number;
  readonly late: (at: number, random: () => number) => number;
  /** How many of the workers die at a moment when they may, and of the messages come twice. */
  readonly dying: number;
  readonly doubled: number;
  readonly random: () => number;
}

interface Message {
  readonly at: number;
  readonly run: number;
  readonly turn?: RateBooking;
}

/** Plays a burst of runs through a lane to an endpoint with that rate; answers when calls started, and what that took. */
async function play({ rate, runs, late, dying, doubled, random }: Lane) {
  const limits = promised(new MemoryRateClocks());
  const endpoint = { project_id: 'p', id: 'e', rate_limit_per_second: rate } as Endpoint;
  const recorded: (RateBooking | undefined)[] = [];
  const called = new Map<number, number>();
  const starts: number[] = [];
  const messages = new Queue();
  let received = 0;
  let handedOut = 0;
  const deliverAt = (due: number, message: Omit<Message, 'at'>) => {
    for (const _copy of random() < doubled ? [1, 2] : [1]) {
      const at = late(due, random);
      messages.push({ ...message, at: Math.max(at, message.turn?.at ?? 0) }); // what comes early waits in its function
    }
  };
  for (let run = 0; run < runs; run++) deliverAt(run / 10, { run });
  for (let message = messages.shift(); message; message = messages.shift()) {
    received += 1;
    const { at: now, run, turn } = message;
    const again = () => messages.push({ ...message!, at: now + VISIBILITY_MS });
    if (called.has(run)) continue;
    const decided = decideBooking(turn, recorded[run], now);
    if (decided.booking === 'stale') continue;
    const sought =
      decided.booking === 'wait' ? { booking: decided.for } : await seekMoment(limits, endpoint, decided.n, now);
    if ('startsAt' in sought) {
      handedOut += 1;
      if (random() < dying) again();
      else {
        called.set(run, starts.length);
        starts.push(sought.startsAt);
      }
      continue;
    }
    if (random() < dying)
      again(); // before its token is sent
    else {
      deliverAt(bySqs(arrivalOf(sought.booking, rate), sought.booking.at, now), { run, turn: sought.booking });
      if (random() < dying)
        again(); // before it is recorded
      else recorded[run] = sought.booking;
    }
  }
  starts.sort((a, b) => a - b);
  return { starts, received, handedOut, order: [...called.keys()] };
}

/** SQS counts in seconds: see `delaySeconds`. */
function bySqs(due: number, turn: number, now: number): number {
  const seconds = (due - now) / 1_000;
  return now + 1_000 * Math.max(0, due === turn ? Math.floor(seconds) : Math.ceil(seconds));
}

function promised({ store }: MemoryRateClocks): LimitStore {
  return {
    bookMoment: async (...asked) => store.bookMoment(...asked),
    takeMoment: async (...asked) => store.takeMoment(...asked),
    bookAgain: async (...asked) => store.bookAgain(...asked),
  } as LimitStore;
}

/** The soonest first; of those at the same moment, the one that came first. */
class Queue {
  private readonly byMoment = new Map<number, Message[]>();
  private moments: number[] = [];

  push(message: Message): void {
    const there = this.byMoment.get(message.at);
    if (there) return void there.push(message);
    this.byMoment.set(message.at, [message]);
    let [low, high] = [0, this.moments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.moments[middle]! > message.at) low = middle + 1;
      else high = middle;
    }
    this.moments.splice(low, 0, message.at);
  }

  shift(): Message | undefined {
    const moment = this.moments.at(-1);
    const there = moment === undefined ? undefined : this.byMoment.get(moment)!;
    const message = there?.shift();
    if (there?.length === 0) {
      this.byMoment.delete(moment!);
      this.moments.pop();
    }
    return message;
  }
}

const lateness = fc.oneof(
  fc.integer({ min: 0, max: 900_000 }).map((ms) => ({ says: `all ${ms} ms`, most: ms, late: (at: number) => at + ms })),
  fc.integer({ min: 0, max: 60_000 }).map((ms) => ({
    says: `up to ${ms} ms`,
    most: ms,
    late: (at: number, random: () => number) => at + random() * ms,
  })),
  fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1_000, max: 300_000 })).map(([from, lasts]) => ({
    says: `nothing from ${from} on for ${lasts} ms, then all of it`,
    most: lasts,
    late: (at: number) => (at >= from && at < from + lasts ? from + lasts : at),
  })),
);
const rates = fc.constantFrom(0.1, 1, 10, 50);
const seeds = fc.integer();

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const minutesOf = (rate: number, minutes: number) => Math.max(20, Math.round(rate * 60 * minutes));

test('an endpoint gets its rate, and each run its call, however late its messages come', async () => {
  await fc.assert(
    fc.asyncProperty(rates, lateness, seeds, async (rate, { late, most }, seed) => {
      const runs = minutesOf(rate, rate > 10 ? 1 : 5);
      const { starts, received } = await play({ rate, runs, late, dying: 0, doubled: 0, random: randomOf(seed) });
      expect(starts).toHaveLength(runs);
      expect(mostInASecond(starts)).toBeLessThanOrEqual(Math.ceil(rate) + 1);
      // Only while a run waits: the first and the last run of a line may be late by themselves.
      const lasted = starts.at(-1)! - starts[0]!;
      expect(lasted).toBeLessThan((runs * 1_000) / rate / 0.9 + 2 * most + 5_000);
      expect(received).toBeLessThan(4 * runs);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('and never more, also when workers die and messages come twice; no copy lives on', async () => {
  await fc.assert(
    fc.asyncProperty(rates, lateness, seeds, async (rate, { late }, seed) => {
      const runs = minutesOf(rate, rate > 10 ? 1 : 3);
      const lane = { rate, runs, late, dying: 0.1, doubled: 0.2, random: randomOf(seed) };
      const { starts, received } = await play(lane);
      expect(starts).toHaveLength(runs);
      expect(mostInASecond(starts)).toBeLessThanOrEqual(Math.ceil(rate) + 1);
      expect(received).toBeLessThan(8 * runs);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('keeps to the order in which calls were asked for, but for those that missed their moment', async () => {
  const random = randomOf(1);
  const stalled = (at: number) => (at > 20_000 && at < 50_000 ? 50_000 : at);
  const { order } = await play({ rate: 1, runs: 120, late: stalled, dying: 0, doubled: 0, random });
  const behind = order.map((run, position) => Math.abs(run - position));
  expect(order.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, run) => run));
  expect(Math.max(...behind)).toBeLessThan(60);
});

test('who comes while others wait near now joins them, and is no longer behind those with a first booking', async () => {
  const limits = promised(new MemoryRateClocks());
  const endpoint = { project_id: 'p', id: 'e', rate_limit_per_second: 1 } as Endpoint;
  const seek = (n: number) => seekMoment(limits, endpoint, n, 10_000);
  const came = [await seek(2), await seek(2), await seek(2), await seek(2), await seek(2)];
  const calls = [10_000, 10_000, 11_000, 12_000].map((startsAt) => ({ startsAt }));
  expect(came).toEqual([...calls, { booking: { n: 3, at: 12_000 } }]);
  expect(await seek(0)).toEqual({ booking: { n: 2, at: 13_000 } });
  expect(await seek(1)).toEqual({ booking: { n: 2, at: 14_000 } });
});
