/** One atomic step of an actor: waits until it is its turn, then acts. */
export type Turn = <Result>(act: () => Result) => Promise<Result>;

/**
 * Runs the actors again and again until every order of their steps was tried, and answers how many orders there were.
 * `start` begins them all afresh; each must give the same steps whenever the same order is tried.
 */
export async function everyInterleaving(start: (turn: Turn) => Promise<void>[]): Promise<number> {
  const choices: { taken: number; of: number }[] = [];
  for (let tried = 1; ; tried++) {
    await oneOrder(start, choices);
    while (choices.length > 0 && choices.at(-1)!.taken + 1 === choices.at(-1)!.of) choices.pop();
    if (choices.length === 0) return tried;
    choices.at(-1)!.taken++;
  }
}

/** Follows `choices` as far as they go, and notes the further ones there. */
async function oneOrder(start: (turn: Turn) => Promise<void>[], choices: { taken: number; of: number }[]) {
  const waiting: (() => void)[] = [];
  const turn: Turn = (act) =>
    new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      });
    });
  const actors = Promise.all(start(turn));
  for (let step = 0; ; step++) {
    await settled();
    if (waiting.length === 0) break;
    const choice = choices[step] ?? { taken: 0, of: waiting.length };
    choices[step] = choice;
    waiting.splice(choice.taken, 1)[0]!();
  }
  await actors;
}

/** Resolves when no actor goes on by itself: all actors wait for their turns alone. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
