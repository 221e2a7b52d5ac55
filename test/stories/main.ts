import { command, runCommand } from '../../local/command.js';
import { STORIES } from './stories.js';
import { tellAll, toldLine } from './tell-all.js';

interface Options {
  readonly api: string;
  readonly operatorKey: string;
  readonly receiver?: string;
  readonly long?: boolean;
}

const base = (url: string) => url.replace(/\/+$/, '');

const stories = command('npm run stories', 'Tells the stories of the product against any address.')
  .requiredOption('--api <url>', 'where', base)
  .requiredOption('--operator-key <key>', 'as whom')
  .option('--receiver <url>', 'a receiver that speaks as the one of the local stack', base)
  .option('--long', 'tell what takes 18 minutes too');

/**
 * Tells the stories against any address: a deployment, or `npm start`. The stories leave a project named "story" behind,
 * with unused endpoints and no schedule. Exits with 1 when a story fails.
 */
async function main({ long, api, operatorKey, receiver }: Options): Promise<void> {
  let failed = 0;
  await tellAll(
    STORIES.filter(({ isLong }) => long || !isLong),
    { api, operatorKey, receiver },
    (told) => {
      if (told.fault) failed += 1;
      console.log(told.fault ? toldLine('FAILED', told, told.fault.message) : toldLine('passed', told));
    },
  );
  if (failed > 0) process.exitCode = 1;
}

runCommand(stories, main);
