/** Lets so many be inside at a time; who waits for all others had better step out meanwhile. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Resolves once there is room. Callers for which others wait come first, before callers that came earlier. */
  async enter({ isAwaited }: { readonly isAwaited: boolean }): Promise<void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => (isAwaited ? this.waiting.unshift(resolve) : this.waiting.push(resolve)));
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
