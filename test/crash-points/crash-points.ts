import type { StageSettings } from '../../lib/config.js';
import type { Synthesized } from '../../local/local-stack.js';
import { builtOnce } from '../support/built-once.js';
import type { Point } from './point.js';
import { Scene } from './scene.js';
import type { Story } from './story.js';
import { tellStories } from './tell-stories.js';
import type { Telling } from './telling.js';

/** Time, compressed: what takes minutes in a deployed stage takes seconds. */
const QUICK: Partial<StageSettings> = {
  leaseMarginSeconds: 1,
  failedAgainSeconds: 1,
  requestLeaseSeconds: 1,
  laneVisibilitySeconds: 3,
  dispatcherVisibilitySeconds: 3,
  maxReceives: 10,
  fastLaneBatchSize: 1,
  wakeUpBatchSize: 1,
  replayBatchSize: 1,
  fastLaneConcurrency: 16,
  wakeUpConcurrency: 8,
  replayConcurrency: 8,
};
/** The poison message must reach the DLQ while we watch, and nobody else. */
const BATCHES: Partial<StageSettings> = {
  ...QUICK,
  laneVisibilitySeconds: 8,
  fastLaneBatchSize: 10,
  fastLaneConcurrency: 2,
  maxReceives: 5,
};

export interface CrashOptions {
  readonly stories: readonly Story[];
  readonly points?: (story: Story, point: Point) => boolean;
  /** Changes what is run. */
  readonly adapt?: (synthesized: Synthesized) => Synthesized;
  readonly patienceMs?: number;
}

/** Tellings at the same time. More of them starve each other on two cores, and time runs out for what must not wait. */
const AT_ONCE = 32;

/** Tells the stories with a death at each point: side by side on one stage, and one stage after the other. */
export async function crashPoints({ stories, points, adapt = (same) => same, patienceMs = 60_000 }: CrashOptions) {
  const alone = stories.filter(({ stage }) => stage === 'alone');
  const groups = [alone, ...stories.filter(({ stage }) => stage !== 'alone').map((story) => [story])];
  const tellings: Telling[] = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    const isBatch = group[0]!.stage === 'batch';
    const synthesized = adapt(builtOnce(isBatch ? BATCHES : QUICK));
    const scene = await Scene.start({ synthesized, environments: isBatch ? 2 : 8 });
    try {
      tellings.push(...(await tellStories(scene, group, { atOnce: AT_ONCE, patienceMs, ...(points && { points }) })));
    } finally {
      await scene.close();
    }
  }
  return tellings;
}
