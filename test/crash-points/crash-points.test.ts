import { crashPoints } from './crash-points.js';
import type { Point } from './point.js';
import { deathsOf, report } from './report.js';
import { storyOf } from './stories.js';
import type { Story } from './story.js';

/** What every run can come by, within a minute and a half. Batches, schedules, events and limits: `npm run crash-points`. */
const STORIES = [
  'create, deliver, success',
  'a batch of three requests',
  'fail, retry, success',
  'a backoff beyond 15 minutes',
  'exhaust, dead letter, replay, success',
  'bulk replay',
  'cancel while delayed',
  'cancel while running',
  'cancel while waiting for a retry',
  'endpoint disabled half-way',
].map(storyOf);
/** Whose deaths are another's of these stories already: what is replayed or created together is delivered one by one. */
const KNOWN = new Map([
  ['a batch of three requests', 'deliverer'],
  ['bulk replay', 'deliverer'],
]);

test('the main stories end well, whoever dies at whichever call', async () => {
  const started = Date.now();
  const points = ({ name }: Story, { fn }: Point) => KNOWN.get(name) !== fn;
  const tellings = await crashPoints({ stories: STORIES, points, receivesAtMost: 1 });
  const { text, failed } = report(tellings, Date.now() - started);
  if (failed) throw new Error(text);
  for (const { name } of STORIES) {
    const deaths = deathsOf(tellings.filter(({ story }) => story === name));
    if (deaths < 15) throw new Error(`${name}: ${deaths} deaths`);
  }
}, 600_000);
