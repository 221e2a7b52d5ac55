import { crashPoints } from './crash-points.js';
import { report } from './report.js';
import { storyOf } from './stories.js';

/** The two that every other story goes through. All of them take minutes: `npm run crash-points`. */
const STORIES = ['create, deliver, success', 'fail, retry, success'].map(storyOf);

test('the first stories end well, whoever dies at whichever call', async () => {
  const started = Date.now();
  const tellings = await crashPoints({ stories: STORIES });
  const { text, failed } = report(tellings, Date.now() - started);
  if (failed) throw new Error(text);
  for (const { name } of STORIES) {
    const struck = tellings.filter((telling) => telling.story === name && telling.struck !== undefined);
    expect({ name, deaths: struck.length }).toEqual({ name, deaths: expect.any(Number) });
    expect(struck.length).toBeGreaterThan(8);
  }
}, 120_000);
