/** Lets all tellings of a story wait for each other, for what can only happen to all of them at once. */
export class Lockstep {
  private arrived: { resolve(): void; reject(error: unknown): void }[] = [];
  private act: () => Promise<void> = async () => {};

  private turn: Promise<unknown> = Promise.resolve();

  constructor(private parties: number) {}

  /** Resolves when all have met and `act`, which is the same for all, is done. */
  meet(act: () => Promise<void>): Promise<void> {
    this.act = act;
    return new Promise((resolve, reject) => {
      this.arrived.push({ resolve, reject });
      this.goOn();
    });
  }

  /** Waits for those who asked before. */
  inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => {});
    return done;
  }

  /** One telling has ended. */
  leave(): void {
    this.parties--;
    this.goOn();
  }

  private goOn(): void {
    if (this.arrived.length === 0 || this.arrived.length < this.parties) return;
    const met = this.arrived.splice(0);
    const done = this.act();
    for (const { resolve, reject } of met) done.then(resolve, reject);
  }
}
