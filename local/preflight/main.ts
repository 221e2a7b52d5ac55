import { Argument } from 'commander';
import stages from '../../punctual.config.js';
import { command, runCommand } from '../command.js';
import { CHECKS, findPlace } from './checks.js';
import { type Finding, findingText } from './findings.js';

const names = stages.map(({ stage }) => stage);
const preflight = command(
  'npm run preflight',
  'Checks, by read-only commands of the AWS CLI, what a deployment needs, and says what to do. Exits with 1 if a deployment would fail.',
).addArgument(new Argument('[stage]', 'a stage of punctual.config.ts; all by default').choices(names));

async function main(_options: unknown, [wanted]: readonly string[]): Promise<void> {
  const { place, ...found } = await findPlace();
  let isBlocked = tell(found);
  for (const settings of stages.filter(({ stage }) => place && (wanted === undefined || stage === wanted))) {
    console.log(`\n${settings.stage}`);
    for (const check of CHECKS) isBlocked = tell(await check(settings, place!)) || isBlocked;
  }
  process.exitCode = isBlocked ? 1 : 0;
}

function tell(finding: Finding): boolean {
  console.log(findingText(finding));
  return finding.verdict === 'blocked';
}

runCommand(preflight, main);
