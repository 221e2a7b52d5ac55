import type { aws } from '../../local/preflight/aws-cli.js';
import type { Deployment } from '../stories/tell-all.js';

/** The stack in AWS; absent for a service that runs already. */
export interface Account {
  readonly aws: typeof aws;
  readonly stage: string;
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface World {
  readonly deployment: Deployment;
  readonly account?: Account | undefined;
  /** Leaves out what waits longer than some minutes. */
  readonly isShort: boolean;
}

/** A step of the acceptance: answers lines of Markdown for the report. @throws Error that says why it failed */
export interface Step {
  readonly name: string;
  readonly needsAccount?: boolean;
  /** Waits longer than some minutes. */
  readonly isLong?: boolean;
  run(world: World): Promise<readonly string[]>;
}

/** What came of a step. */
export interface Result {
  readonly name: string;
  readonly verdict: 'passed' | 'FAILED' | 'left out';
  readonly ms: number;
  readonly lines: readonly string[];
}

/** A fault of a program has many lines, of which the last ones say why. */
const LINES_OF_A_FAULT = 20;

/** Goes through the steps: one that fails keeps no later one from being tried. */
export async function runAll(steps: readonly Step[], world: World, heard: (result: Result) => void): Promise<Result[]> {
  const results: Result[] = [];
  for (const step of steps) {
    const result = await resultOf(step, world);
    heard(result);
    results.push(result);
  }
  return results;
}

async function resultOf({ name, needsAccount, isLong, run }: Step, world: World): Promise<Result> {
  if (needsAccount && !world.account) return leftOut(name, 'It needs a stack in AWS.');
  if (isLong && world.isShort) return leftOut(name, 'It takes long, and `--short` was given.');
  return outcomeOf(name, () => run(world));
}

const leftOut = (name: string, why: string): Result => ({ name, verdict: 'left out', ms: 0, lines: [why] });

export async function outcomeOf(name: string, work: () => Promise<readonly string[]>): Promise<Result> {
  const begun = Date.now();
  try {
    const lines = await work();
    return { name, verdict: 'passed', ms: Date.now() - begun, lines };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, verdict: 'FAILED', ms: Date.now() - begun, lines: why.trim().split('\n').slice(-LINES_OF_A_FAULT) };
  }
}
