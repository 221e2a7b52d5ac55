import { parseArgs } from 'node:util';
import { crashPoints } from './crash-points.js';
import { nameOf, pointOf } from './point.js';
import { report } from './report.js';
import { STORIES, storyOf } from './stories.js';

/** `npm run crash-points [-- --story NAME [--point deliverer:3:before]]` */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { story: { type: 'string' }, point: { type: 'string' } } });
  const point = values.point === undefined ? undefined : nameOf(pointOf(values.point));
  const started = Date.now();
  const tellings = await crashPoints({
    stories: values.story === undefined ? STORIES : [storyOf(values.story)],
    ...(point !== undefined && { points: (_story, candidate) => nameOf(candidate) === point }),
  });
  const { text, failed } = report(tellings, Date.now() - started);
  process.stdout.write(text);
  process.exitCode = failed ? 1 : 0;
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
