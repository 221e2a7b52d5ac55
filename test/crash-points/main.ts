import { parseArgs } from 'node:util';
import { crashPoints } from './crash-points.js';
import { nameOf, pointOf } from './point.js';
import { report } from './report.js';
import { STORIES, storyOf } from './stories.js';

/** `npm run crash-points [-- --story NAME [--point deliverer:3:before [--point api:2:after]]]` */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { story: { type: 'string' }, point: { type: 'string', multiple: true } } });
  const points = values.point?.map((name) => nameOf(pointOf(name)));
  const started = Date.now();
  const tellings = await crashPoints({
    stories: values.story === undefined ? STORIES : [storyOf(values.story)],
    ...(points && { points: (_story, candidate) => points.includes(nameOf(candidate)) }),
  });
  const { text, failed } = report(tellings, Date.now() - started);
  process.stdout.write(text);
  process.exitCode = failed ? 1 : 0;
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
