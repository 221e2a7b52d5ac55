/** The terminal sends a signal to npm and to this process, and npm passes it on: two signals so close are one key. */
const ONE_PRESS_MS = 500;

/** Ctrl-C: the first stops in order, the second at once. */
export class Stopping {
  private close: (() => Promise<void>) | undefined;
  private began: number | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.stop());
  }

  /** Sets the function that stops in order. */
  inOrder(close: () => Promise<void>): void {
    this.close = close;
  }

  private stop(): void {
    const { close, began } = this;
    if (began !== undefined && performance.now() - began < ONE_PRESS_MS) return;
    this.began = performance.now();
    if (close === undefined || began !== undefined) stopAtOnce();
    else stopInOrder(close);
  }
}

function stopAtOnce(): void {
  console.error('Stopped at once. What was accepted goes on at the next start.');
  process.exit(130);
}

function stopInOrder(close: () => Promise<void>): void {
  console.error('Stopping: what is under way may end. Ctrl-C again stops at once.');
  close().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
