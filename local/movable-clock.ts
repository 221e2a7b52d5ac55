/**
 * A stack's own clock: this machine's time, moved ahead at will. Servers and (through shared memory) functions use this
 * clock, so that a test can see work that is hours away.
 */
export class MovableClock {
  /** Milliseconds ahead of this machine, in memory that a function's worker reads as well. */
  readonly ahead = new Float64Array(new SharedArrayBuffer(8));

  /** Unix milliseconds. */
  readonly now = (): number => Date.now() + this.ahead[0]!;

  advance(ms: number): void {
    this.ahead[0]! += ms;
  }
}
