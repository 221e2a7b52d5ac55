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
/** The poison message must reach the DLQ while we watch. */
const BATCHES: Partial<StageSettings> = { ...QUICK, fastLaneBatchSize: 10, fastLaneConcurrency: 2, maxReceives: 3 };

export interface CrashOptions {
  readonly stories: readonly Story[];
  readonly points?: (story: Story, point: Point) => boolean;
  /** Changes what is run. */
  readonly adapt?: (synthesized: Synthesized) => Synthesized;
  readonly patienceMs?: number;
}

/** Tells the stories with a death at each point; all stages side by side. */
export async function crashPoints({ stories, points, adapt = (same) => same, patienceMs = 60_000 }: CrashOptions) {
  const alone = stories.filter(({ stage }) => stage === 'alone');
  const groups = [alone, ...stories.filter(({ stage }) => stage !== 'alone').map((story) => [story])];
  const tellings = groups.map(async (group): Promise<Telling[]> => {
    if (group.length === 0) return [];
    const isBatch = group[0]!.stage === 'batch';
    const synthesized = adapt(builtOnce(isBatch ? BATCHES : QUICK));
    const scene = await Scene.start({ synthesized, environments: isBatch ? 2 : group.length > 1 ? 8 : 4 });
    try {
      return await tellStories(scene, group, { atOnce: AT_ONCE, patienceMs, ...(points && { points }) });
    } finally {
      await scene.close();
    }
  });
  return (await Promise.all(tellings)).flat();
}

const AT_ONCE = 32;
