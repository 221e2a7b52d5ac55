import { command, runCommand, wholeNumber } from '../../local/command.js';
import { type ChaosResult, runChaos } from './chaos-run.js';

const FAULTS_SHOWN = 40;

interface Options {
  readonly tasks: number;
  readonly seed: number;
  readonly killEvery: number;
  readonly kills: number;
  readonly fair?: boolean;
}

const chaos = command('npm run chaos', 'Holds the promises against an unkind AWS, hostile receivers and kill -9.')
  .option('--tasks <number>', 'task runs to make', wholeNumber(1), 2000)
  .option('--seed <number>', 'what chance goes by', wholeNumber(), 1)
  .option('--kill-every <seconds>', 'seconds between two kills', wholeNumber(1), 5)
  .option('--kills <number>', 'kills at least', wholeNumber(), 2)
  .option('--fair', 'without storms of the platform, and nothing is lost');

async function main({ tasks, seed, killEvery, kills, fair = false }: Options): Promise<void> {
  const began = Date.now();
  const say = (line: string) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  const result = await runChaos({
    seed,
    tasks,
    killEverySeconds: killEvery,
    minKills: kills,
    storms: !fair,
    say,
  });
  say('done');
  print(result);
  process.exitCode = result.faults.length === 0 ? 0 : 1;
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

runCommand(chaos, main);
