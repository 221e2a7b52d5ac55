import { type Told, toldLine } from '../stories/tell-all.js';
import type { Shortcoming } from './shortcomings.js';

export interface Verdict {
  readonly line: string;
  readonly failed: boolean;
}

/** What to make of it, knowing where the emulator falls short. */
export function verdict(told: Told, shortcomings: Readonly<Record<string, Shortcoming>>): Verdict {
  const known = shortcomings[told.name];
  const fault = told.fault?.message;
  if (fault === undefined) {
    const surprise = known ? [`although the emulator fell short of it (${known.why}): take it off the list`] : [];
    return { line: toldLine('passed', told, ...surprise), failed: false };
  }
  if (!known?.shows.test(fault)) return { line: toldLine('FAILED', told, fault), failed: true };
  return { line: toldLine('short', told, `emulator falls short: ${known.why}`), failed: false };
}
