import { type Told, toldLine } from '../stories/tell-all.js';

export interface Verdict {
  readonly line: string;
  readonly failed: boolean;
}

/** What to make of it, knowing where the emulator falls short. */
export function verdict(told: Told, shortcomings: Readonly<Record<string, string>>): Verdict {
  const why = shortcomings[told.name];
  const fault = told.fault?.message;
  if (fault === undefined) {
    const surprise = why === undefined ? [] : [`although it was known to fall short (${why}): take it off the list`];
    return { line: toldLine('passed', told, ...surprise), failed: false };
  }
  if (why === undefined) return { line: toldLine('FAILED', told, fault), failed: true };
  return { line: toldLine('short', told, `emulator falls short: ${why}`), failed: false };
}
