import { setFlagsFromString } from 'node:v8';
import { mapBounded } from '../../functions/primitives/map-bounded.js';
import type { Synthesized } from '../../local/local-stack.js';
import { builtOnce } from '../support/built-once.js';
import type { Point } from './point.js';
import { Scene } from './scene.js';
import { BATCHES, SETTINGS } from './settings.js';
import type { CrashStory } from './story.js';
import { tellStories } from './tell-stories.js';
import { Turnstile } from './turnstile.js';

export interface CrashOptions {
  readonly stories: readonly CrashStory[];
  readonly points?: (story: CrashStory, point: Point) => boolean;
  /** Changes what is run. */
  readonly adapt?: (synthesized: Synthesized) => Synthesized;
  readonly patienceMs?: number;
}

/**
 * Messages of one receive, where the story is not about batches: SQS may well hand out one at a time. A death then hits one
 * telling alone. In a batch it would hit ten, and an attempt whose workers were lost three times ends its run.
 */
const ALONE = { receivesAtMost: 1 };

/** Tellings at the same time. More of them starve each other on two cores, and time runs out for what must not wait. */
const TELLINGS_AT_ONCE = 40;
/** Stacks at the same time: mostly one is set up, or waits until it is quiet, while another is at work. */
const SCENES_AT_ONCE = 6;

/** Tells the stories with a death at each point: side by side on one stage, and some stages side by side. */
export async function crashPoints({ stories, points, adapt = (same) => same, patienceMs = 60_000 }: CrashOptions) {
  // Environments here live for a few invocations: V8 need not optimize their code for a future that they have not.
  setFlagsFromString('--interrupt-budget=1000000');
  const turnstile = new Turnstile(TELLINGS_AT_ONCE);
  const alone = stories.filter(({ stage }) => stage === 'alone');
  const others = stories.filter(({ stage }) => stage !== 'alone').map((story) => [story]);
  const groups = [alone, ...others].filter(({ length }) => length > 0);
  const tellings = await mapBounded(groups, SCENES_AT_ONCE, async (group) => {
    const isBatch = group[0]!.stage === 'batch';
    const synthesized = adapt(builtOnce(isBatch ? BATCHES : SETTINGS));
    const scene = await Scene.start({ synthesized, environments: isBatch ? 2 : 16, ...(!isBatch && ALONE) });
    try {
      return await tellStories(scene, group, { turnstile, patienceMs, ...(points && { points }) });
    } finally {
      await scene.close();
    }
  });
  return tellings.flat();
}
