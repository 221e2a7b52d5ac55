import { crashPoints } from './crash-points.js';
import type { Point } from './point.js';
import { deathsOf, report } from './report.js';
import { storyOf } from './stories.js';

/** What every run can meet: a failure and a retry are in it. All other stories: `npm run crash-points`. */
const STORY = storyOf('exhaust, dead letter, replay, success');

/** Tells the story with a death at each of these points. @throws Error that says which rules did not hold */
export async function mainStory(isChosen: (point: Point) => boolean): Promise<void> {
  const started = Date.now();
  const tellings = await crashPoints({ stories: [STORY], points: (_story, point) => isChosen(point) });
  const { text, failed } = report(tellings, Date.now() - started);
  if (failed) throw new Error(text);
  const deaths = deathsOf(tellings);
  if (deaths < 15) throw new Error(`${STORY.name}: ${deaths} deaths`);
}
