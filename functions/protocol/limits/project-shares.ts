import { BoundedCache } from '../../primitives/bounded-cache.js';
import type { Clock } from '../../primitives/clock.js';
import type { Lane } from '../../subjects/endpoints/endpoint.js';

export interface ProjectInLane {
  readonly project: string;
  readonly lane: Lane;
}

/** Part of a lane's concurrency that a project takes until `until` (Unix milliseconds). */
export interface Place extends ProjectInLane {
  /** The execution environment, which has one invocation at a time. */
  readonly holder: string;
  /** How many places the note stands for. */
  readonly weight: number;
  readonly until: number;
}

export interface PlaceStore {
  take(place: Place): Promise<void>;
  leave(place: Pick<Place, 'project' | 'lane' | 'holder'>): Promise<void>;
  /** The weight of all places that are taken at `now`. Eventually consistent. */
  taken(of: ProjectInLane, now: number): Promise<number>;
  markOver(of: ProjectInLane, until: number): Promise<void>;
  /** The projects that are over their share at `now`, and until when. Eventually consistent. */
  over(lane: Lane, now: number): Promise<ReadonlyMap<string, number>>;
}

/** A message that is worked on for this long beyond its moment takes its place for long: it may do so for minutes. */
const LONG_MS = 1_500;
/** Without a line, where notes would cost too much, this long: a lane of shorter calls has a free place soon. */
const LONG_WITHOUT_LINE_MS = 30_000;
/** A message that waited for longer shows a line: a start of an environment is shorter, and so is a late SQS delay. */
const LINE_MS = 1_000;
/**
 * Without a line at most this part of the calls is noted. A note costs $1.31 per million: two writes, and a read of half a
 * unit. So notes cost at most $0.10 while the lane has places for all.
 */
const MOST_WITHOUT_LINE = 0.075;
/**
 * A long call of a line counts twice, since as many more may have begun and are not yet long: Lambda starts with five
 * invocations and adds 300 a minute (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
 */
const LONG_WEIGHT = 2;
/**
 * An environment that worked for a project for half of this time is a place of the project for as long again. So a project
 * whose short calls have half of a lane is marked before they can fill it by hanging.
 */
const STRETCH_MS = 5_000;
/** How many notes show a project at its share. In a larger lane each note stands for more places, so it costs less. */
const NOTES = 18;
/** A project counts as over its share for this long after the last time that it was. */
const OVER_MS = 60_000;
/** How long an environment uses what it has read. */
const FRESH_MS = 1_000;
/** Projects in an environment's memory. */
const REMEMBERED = 1_000;

export interface ShareRoom {
  readonly places: PlaceStore;
  /** How many places of a lane one project may take; 0 for any number. */
  readonly limits: Readonly<Record<Lane, number>>;
  /** Whether there are projects besides this one. */
  readonly hasOthers: () => Promise<boolean>;
  /** Names the execution environment. */
  readonly holder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: () => number;
  /** Nothing that is noted here may fail a delivery. */
  readonly onError: (error: unknown) => void;
}

/** Moments of a message's work. */
interface Span {
  readonly startsAt: number;
  readonly waitsSince: number;
  readonly endsAt: number;
}

/** What an execution environment knows of its work for a project. */
interface Work {
  inHand: number;
  /** Since when a message has been in hand. */
  since: number;
  /** The stretch's begin, and its time with messages in hand. */
  stretchFrom: number;
  busyMs: number;
  longCalls: number;
  /** There was a long call since: it was a place by itself. */
  wasLong: boolean;
  /** A message of the stretch has waited in a line. */
  hasLine: boolean;
  isNoted: boolean;
  renewal: NodeJS.Timeout | undefined;
  /** The last write: the next one waits for it. */
  writes: Promise<void>;
}

/**
 * Finds the projects that take more than their share of a lane. A lane without a line has places for all, so it costs no
 * write, or few.
 */
export function projectShares(room: ShareRoom) {
  const { places, limits, clock, holder } = room;
  const works = new BoundedCache<Work>(REMEMBERED);
  const seen = new Map<Lane, { readonly at: number; readonly over: Promise<ReadonlyMap<string, number>> }>();

  return {
    async isOver({ project, lane }: ProjectInLane): Promise<boolean> {
      return limits[lane] > 0 && ((await overIn(lane)).get(project) ?? 0) > clock.now();
    },

    /**
     * Does a message's work, and notes the place that it takes for long.
     * @param startsAt the message's moment: waiting for it is short
     * @param waitsSince when the lane could have had the message at work at the earliest
     * @param endsAt when the invocation ends at the latest
     */
    async occupying<Result>(
      of: ProjectInLane,
      { startsAt, waitsSince, endsAt }: Span,
      handle: () => Promise<Result>,
    ): Promise<Result> {
      if (limits[of.lane] === 0) return handle();
      const work = workFor(of);
      if (work.inHand++ === 0) begin(work);
      const hasLine = clock.now() - waitsSince > LINE_MS;
      work.hasLine ||= hasLine;
      const { afterMs, weight } = howToNote(of, hasLine);
      let isLong = false;
      const timer = setTimeout(
        () => {
          isLong = work.wasLong = true;
          if (++work.longCalls === 1) inTurn(work, () => noteLong(of, work, weight, endsAt));
        },
        Math.max(0, startsAt - clock.now()) + afterMs,
      );
      try {
        return await handle();
      } finally {
        clearTimeout(timer);
        if (isLong && --work.longCalls === 0) inTurn(work, () => leave(of, work));
        if (--work.inHand === 0) endStretch(of, work);
        // Lambda freezes what is still under way when the invocation ends.
        await work.writes;
      }
    },
  };

  function workFor({ project, lane }: ProjectInLane): Work {
    const key = `${lane} ${project}`;
    const known = works.get(key);
    if (known) return known;
    const none = {
      inHand: 0,
      since: 0,
      stretchFrom: 0,
      busyMs: 0,
      longCalls: 0,
      wasLong: false,
      hasLine: false,
      isNoted: false,
      renewal: undefined,
    };
    const work = { ...none, writes: Promise.resolve() };
    works.set(key, work);
    return work;
  }

  function begin(work: Work): void {
    Object.assign(work, { since: clock.now(), wasLong: false });
    if (work.since - work.stretchFrom > STRETCH_MS) startStretch(work, work.since);
  }

  function endStretch(of: ProjectInLane, work: Work): void {
    if (work.wasLong) return;
    const now = clock.now();
    work.busyMs += now - work.since;
    if (work.busyMs < STRETCH_MS / 2) return;
    if ((work.hasLine || isCheap(of)) && isDrawn(of)) inTurn(work, () => note(of, 1, now + STRETCH_MS));
    startStretch(work, now);
  }

  function startStretch(work: Work, stretchFrom: number): void {
    Object.assign(work, { stretchFrom, busyMs: 0, hasLine: false });
  }

  async function noteLong(of: ProjectInLane, work: Work, weight: number, endsAt: number): Promise<void> {
    work.isNoted = isDrawn(of);
    if (!work.isNoted) return;
    // While the call lasts the project is over its share, if it is: also without a further call.
    work.renewal = setInterval(() => inTurn(work, () => note(of, weight, endsAt)), OVER_MS / 2);
    await note(of, weight, endsAt);
  }

  async function leave(of: ProjectInLane, work: Work): Promise<void> {
    clearInterval(work.renewal);
    if (work.isNoted) await places.leave({ ...of, holder });
    work.isNoted = false;
  }

  async function note(of: ProjectInLane, weight: number, until: number): Promise<void> {
    const limit = limits[of.lane];
    await places.take({ ...of, holder, weight: weight / chanceOf(of), until });
    const now = clock.now();
    if ((await places.taken(of, now)) < limit) return;
    const over = await overIn(of.lane);
    if ((over.get(of.project) ?? 0) - now > OVER_MS / 2 || !(await room.hasOthers())) return;
    await places.markOver(of, now + OVER_MS);
  }

  function inTurn(work: Work, write: () => Promise<void>): void {
    work.writes = work.writes.then(write).catch(room.onError);
  }

  /** After which time a call is long, and how many places it stands for. */
  function howToNote(of: ProjectInLane, hasLine: boolean): { readonly afterMs: number; readonly weight: number } {
    if (hasLine) return { afterMs: LONG_MS, weight: LONG_WEIGHT };
    return isCheap(of) ? { afterMs: LONG_MS, weight: 1 } : { afterMs: LONG_WITHOUT_LINE_MS, weight: LONG_WEIGHT };
  }

  function isCheap(of: ProjectInLane): boolean {
    return chanceOf(of) <= MOST_WITHOUT_LINE;
  }

  function isDrawn(of: ProjectInLane): boolean {
    return room.random() < chanceOf(of);
  }

  function chanceOf({ lane }: ProjectInLane): number {
    return Math.min(1, NOTES / limits[lane]);
  }

  function overIn(lane: Lane): Promise<ReadonlyMap<string, number>> {
    const now = clock.now();
    const last = seen.get(lane);
    if (last && now - last.at < FRESH_MS) return last.over;
    const over = places.over(lane, now).catch((error) => {
      room.onError(error);
      return new Map<string, number>();
    });
    seen.set(lane, { at: now, over });
    return over;
  }
}
