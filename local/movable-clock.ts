/**
 * A stack's own time: this machine's, moved ahead at will. Its servers and, through shared memory, its functions go by
 * it, so that what is hours away can be seen to happen.
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
