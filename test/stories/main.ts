import { parseArgs } from 'node:util';
import { STORIES } from './stories.js';
import { type Deployment, tellAll, toldLine } from './tell-all.js';

const USAGE = 'usage: npm run stories -- --api URL --operator-key KEY [--receiver URL] [--long]';

/**
 * Tells the stories against any address: a deployment, or `npm start`. They leave a project named "story" behind, with
 * endpoints that nobody sends to, and no schedule. Exits with 1 when one is not as it is told.
 */
async function main(): Promise<void> {
  const { long, ...deployment } = readArguments();
  let failed = 0;
  await tellAll(
    STORIES.filter(({ isLong }) => long || !isLong),
    deployment,
    (told) => {
      if (told.fault) failed += 1;
      console.log(told.fault ? toldLine('FAILED', told, told.fault.message) : toldLine('passed', told));
    },
  );
  if (failed > 0) process.exitCode = 1;
}

function readArguments(): Deployment & { long: boolean } {
  const { values } = parseArgs({
    options: {
      api: { type: 'string' },
      'operator-key': { type: 'string' },
      receiver: { type: 'string' },
      long: { type: 'boolean', default: false },
    },
  });
  const { api, 'operator-key': operatorKey, receiver, long } = values;
  if (!api || !operatorKey) throw new Error('--api and --operator-key say where, and as whom');
  const base = (url: string) => url.replace(/\/+$/, '');
  return { api: base(api), operatorKey, receiver: receiver && base(receiver), long };
}

main().catch((error: Error) => {
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
});
