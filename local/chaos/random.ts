import { createHash } from 'node:crypto';

/** Repeatable random numbers: the same seed and stream draw the same numbers in the same order. */
export interface Random {
  /** A uniform number in [0, 1). */
  next(): number;
  /** True with this probability (0 to 1). */
  chance(probability: number): boolean;
  /** A uniform whole number in [from, to). */
  between(from: number, to: number): number;
  pick<Choice>(choices: readonly Choice[]): Choice;
}

/** Each user of random numbers has its own stream, so that more draws of one user do not change those of others. */
export function randomFrom(seed: number, stream: string): Random {
  let state = createHash('sha256').update(`${seed} ${stream}`).digest().readUInt32LE();
  const next = () => {
    // Mulberry32: 32 bits of state, passes gjrand, and is six lines long.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[between(0, choices.length)]!,
  };
}
