import { crashPoints } from './crash-points.js';
import { deathsOf, report } from './report.js';
import { storyOf } from './stories.js';

/** What every run can meet: a failure and a retry are in it. All other stories: `npm run crash-points`. */
const STORIES = ['exhaust, dead letter, replay, success'].map(storyOf);

test('the main story ends well, whichever function dies at whichever call', async () => {
  const started = Date.now();
  const tellings = await crashPoints({ stories: STORIES });
  const { text, failed } = report(tellings, Date.now() - started);
  if (failed) throw new Error(text);
  for (const { name } of STORIES) {
    const deaths = deathsOf(tellings.filter(({ story }) => story === name));
    if (deaths < 15) throw new Error(`${name}: ${deaths} deaths`);
  }
}, 600_000);
