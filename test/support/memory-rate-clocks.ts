import type { LimitStore } from '../../functions/subjects/endpoints/rate-booking.js';

type RateClocks = Pick<LimitStore, 'bookMoment' | 'takeMoment' | 'bookAgain'>;

/** The clocks of one endpoint's turns, in memory. A suite holds them to what the adapter answers. */
export class MemoryRateClocks {
  /** Where the long line ends. */
  next = 0;
  private again = 0;
  private serve = -Infinity;

  readonly store = {
    bookMoment: (_key, intervalMs, now) => {
      const isTaken = Math.max(this.next, this.serve, this.again) <= now;
      if (!isTaken && this.next <= now) return undefined;
      const at = Math.max(now, this.next);
      this.next = at + intervalMs;
      if (isTaken) this.serve = this.next;
      return { at, isTaken };
    },
    takeMoment: (_key, intervalMs, now, until, missed) => {
      const mayWait = missed || this.again <= now;
      if (this.serve > (mayWait ? until : now)) return undefined;
      const at = Math.max(now, this.serve);
      this.serve = Math.max(now - intervalMs, this.serve) + intervalMs;
      return at;
    },
    bookAgain: (_key, intervalMs, soonest) => {
      const at = Math.max(soonest, this.again);
      this.again = at + intervalMs;
      return at;
    },
  } satisfies {
    [Name in keyof RateClocks]: (...args: Parameters<RateClocks[Name]>) => Awaited<ReturnType<RateClocks[Name]>>;
  };
}
