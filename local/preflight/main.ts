import { Argument } from 'commander';
import stages from '../../punctual.config.js';
import { command, runCommand } from '../command.js';
import { tellPreflight } from './checks.js';
import { deployingOf } from './deploying.js';

const names = stages.map(({ stage }) => stage);
const described = command(
  'npm run preflight',
  'Checks, by read-only commands of the AWS CLI, what a deployment needs, and says what to do. Exits with 1 if a deployment would fail.',
).addArgument(new Argument('[stage]', 'a stage of punctual.config.ts; all by default').choices(names));

async function main(_options: unknown, [wanted]: readonly string[]): Promise<void> {
  const asked = stages.filter(({ stage }) => wanted === undefined || stage === wanted);
  process.exitCode = (await tellPreflight(asked.map(deployingOf))) ? 1 : 0;
}

runCommand(described, main);
