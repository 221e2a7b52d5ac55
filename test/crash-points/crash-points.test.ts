import { crashPoints } from './crash-points.js';
import { report } from './report.js';
import { STORIES } from './stories.js';

test('every story ends well, whoever dies at whichever call', async () => {
  const started = Date.now();
  const tellings = await crashPoints({ stories: STORIES });
  const { text, failed } = report(tellings, Date.now() - started);
  if (failed) throw new Error(text);
  for (const { name } of STORIES) {
    const struck = tellings.filter((telling) => telling.story === name && telling.struck !== undefined);
    expect({ name, deaths: struck.length }).toEqual({ name, deaths: expect.any(Number) });
    expect(struck.length).toBeGreaterThan(8);
  }
}, 300_000);
