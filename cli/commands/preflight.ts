import type { Command } from 'commander';
import { preflight, tellPreflight } from '../../local/preflight/checks.js';
import type { Deploying } from '../../local/preflight/findings.js';
import { deployingsIn } from '../assembly.js';
import { CommandFault, EXIT } from '../exit-codes.js';

interface PreflightOptions {
  readonly app: string;
  readonly json?: boolean;
}

export function preflightCommand(program: Command): void {
  program
    .command('preflight')
    .allowExcessArguments(false)
    .argument('[stack]', 'name of a stack; all by default')
    .option('--app <folder>', 'what cdk synth has made', 'cdk.out')
    .option('--json', 'print JSON')
    .description('check by the AWS CLI, which changes nothing, what a deployment needs; then say how to deploy')
    .action(check);
}

async function check(wanted: string | undefined, { app, json }: PreflightOptions): Promise<void> {
  const all = deployingsIn(app);
  const asked = all.filter(({ stack }) => wanted === undefined || stack === wanted);
  if (asked.length === 0)
    throw new CommandFault(`No stack ${wanted} has a Punctual; there are ${all.map(({ stack }) => stack).join(', ')}.`);
  if (json) return checkAsJson(asked);
  const isBlocked = await tellPreflight(asked);
  console.log(isBlocked ? '\nA deployment would fail: see what is BLOCKED.' : `\n${nextSteps(asked)}`);
  if (isBlocked) process.exitCode = EXIT.failed;
}

async function checkAsJson(deployings: readonly Deploying[]): Promise<void> {
  const findings = [];
  for await (const finding of preflight(deployings)) findings.push(finding);
  console.log(JSON.stringify({ findings }));
  if (findings.some(({ verdict }) => verdict === 'blocked')) process.exitCode = EXIT.failed;
}

/** In words for a shell, which docs/library.md explains. */
function nextSteps(deployings: readonly Deploying[]): string {
  const stacks = deployings.map(({ stack }) => stack).join(' ');
  return [
    'Next:',
    `  npx cdk deploy ${stacks}`,
    'Then make a project and its key in the console, or by the operator key in Secrets Manager, and keep the key:',
    '  npx punctual login --url <apiUrl>',
  ].join('\n');
}
