import { parseArgs } from 'node:util';
import { type ChaosResult, runChaos } from './chaos-run.js';

const USAGE = 'usage: npm run chaos -- [--tasks 2000] [--seed 1] [--kill-every 5] [--kills 2] [--fair]';
const FAULTS_SHOWN = 40;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tasks: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      'kill-every': { type: 'string', default: '5' },
      kills: { type: 'string', default: '2' },
      // Without storms of the platform, and nothing is lost.
      fair: { type: 'boolean', default: false },
    },
  });
  const [seed, tasks] = [wholeNumber(values.seed), wholeNumber(values.tasks)];
  const began = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  const result = await runChaos({
    seed,
    tasks,
    killEverySeconds: Number(values['kill-every']),
    minKills: wholeNumber(values.kills),
    storms: !values.fair,
    say,
  });
  say('done');
  print(result);
  process.exitCode = result.faults.length === 0 ? 0 : 1;
}

function wholeNumber(given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new Error(`${given} is no whole number\n${USAGE}`);
  return Number(given);
}

function print({ counts, repeats, faults, ...rest }: ChaosResult): void {
  const { acrossKills, afterLease, resent } = repeats;
  const rows = {
    ...counts,
    'duplicates across kills': acrossKills,
    'duplicates after a lease': afterLease,
    'sent again on a new socket': resent,
    kills: rest.kills,
    'messages that failed and came again': rest.failedMessages,
    'requests that clients repeated': rest.repeatedRequests,
    faults: faults.length,
  };
  for (const [name, count] of Object.entries(rows)) console.log(`${name.padEnd(38)}${String(count).padStart(8)}`);
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 2;
});
