import { setImmediate } from 'node:timers/promises';

/** Time that passes only while everything waits for it. */
export class VirtualTime {
  now: number;
  private readonly waiting = new Map<number, (() => void)[]>();

  constructor(start: number) {
    this.now = start;
  }

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const at = this.now + Math.max(0, Math.ceil(ms));
      const others = this.waiting.get(at);
      if (others) others.push(resolve);
      else this.waiting.set(at, [resolve]);
    });

  /** Lets `work` come to its end. */
  async pass<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    over.catch(() => {});
    for (;;) {
      await setImmediate();
      if (isOver) return over;
      if (this.waiting.size === 0) throw new Error('nothing is waited for');
      // Few moments are waited for at a time: one for each call under way.
      this.now = Math.min(...this.waiting.keys());
      const due = this.waiting.get(this.now)!;
      this.waiting.delete(this.now);
      for (const resolve of due) resolve();
    }
  }
}
