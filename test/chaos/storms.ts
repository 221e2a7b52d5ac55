import { setTimeout as sleep } from 'node:timers/promises';
import type { Storm } from '../../local/chaos/storms.js';
import type { Synthesized } from '../../local/local-stack.js';
import { patchedRelease } from '../crash-points/mutant-bundle.js';
import type { Patch } from '../crash-points/mutants.js';
import type { KillableStack } from './killable-stack.js';

/** One after the other, each with a calm before it in which the work of the one before may go on. */
export interface Phase {
  readonly what: string;
  /** Seconds; a deployed stage has some half an hour of each. */
  readonly seconds: number;
  readonly storm?: WithoutTimes<Storm>;
  /** A release is deployed, and rolled back at the end. */
  readonly deploy?: 'a bad release';
}

/** Of each kind of storm, all but when it is. */
type WithoutTimes<Each> = Each extends Storm ? Omit<Each, 'from' | 'until'> : never;

const CALM: Phase = { what: 'calm', seconds: 15 };

export const PHASES: readonly Phase[] = [
  CALM,
  { what: 'a partition takes 15 writes a second', seconds: 60, storm: { kind: 'hot partition', writesPerSecond: 15 } },
  CALM,
  // Longer than all visibility timeouts, of which the slow lane's is the longest.
  { what: 'Lambda runs nothing', seconds: 60, storm: { kind: 'no function runs' } },
  CALM,
  { what: 'the dispatcher is refused', seconds: 30, storm: { kind: 'refused', functions: 'Dispatcher' } },
  CALM,
  { what: 'a release fails on everything', seconds: 100, deploy: 'a bad release' },
  { ...CALM, seconds: 30 },
];

export const STORMY_MS = PHASES.reduce((sum, { seconds }) => sum + seconds * 1000, 0);

/** A bad release: every message fails in the code that would handle it. */
export const BAD_RELEASE: readonly Patch[] = [
  {
    file: 'runtime/sqs-stack.ts',
    find: '      if (await handle(message, receipt)) failed.noteSuccess();\n',
    put: `      if (message.body.length > 0) throw new TypeError('a bad release');
      if (await handle(message, receipt)) failed.noteSuccess();\n`,
  },
];

/** Lets the phases pass over the stack, from now on. */
export async function passOver(
  stack: KillableStack,
  synthesized: Synthesized,
  say: (line: string) => void,
): Promise<void> {
  const bad = await patchedRelease(synthesized, 'a bad release', ['deliverer', 'dispatcher'], BAD_RELEASE);
  let from = Date.now();
  for (const { what, seconds, storm, deploy } of PHASES) {
    const until = from + seconds * 1000;
    say(what);
    if (storm) await stack.meet({ ...storm, from, until } as Storm);
    if (deploy) await stack.deploy(bad);
    await sleep(Math.max(0, until - Date.now()));
    if (deploy) await stack.deploy(synthesized);
    from = Date.now();
  }
}
