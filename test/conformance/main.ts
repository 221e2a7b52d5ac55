import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Argument } from 'commander';
import { command, runCommand } from '../../local/command.js';
import { COMPARISONS, type Comparison } from './comparisons.js';

const ROOT = join(__dirname, '../..');

const conformance = command(
  'npm run conformance',
  'Holds the local servers and the stories against DynamoDB Local, ElasticMQ and MiniStack. It needs Java, Maven and Python.',
).addArgument(
  new Argument('[name]', 'compare with one alone: its suites, as it is').choices(COMPARISONS.map(({ name }) => name)),
);

/**
 * Holds the suites of the local DynamoDB and the functions' own stories against Amazon's DynamoDB Local, and sends the same
 * calls to our servers as to it, to ElasticMQ and to MiniStack: what both do is likely what AWS does. Without Java or Python, or
 * without a network to fetch them, it says so and is content.
 */
async function main(_options: object, [picked]: readonly string[]): Promise<void> {
  for (const comparison of COMPARISONS) {
    if (picked === undefined) await fetchAndCompare(comparison);
    else if (picked === comparison.name) await compare(comparison, comparison.suites);
  }
}

async function fetchAndCompare(comparison: Comparison): Promise<void> {
  const { name, missing, fetchable, fetch, suites, stories } = comparison;
  try {
    if (fetchable()) fetch();
  } catch (error) {
    console.log(`SKIPPED: ${name} cannot be fetched: ${(error as Error).message}`);
    return;
  }
  const lacking = missing();
  if (lacking === undefined) await compare(comparison, [...suites, ...stories]);
  else console.log(`SKIPPED: no comparison with ${name}, since ${lacking}`);
}

async function compare({ start, variable }: Comparison, suites: readonly string[]): Promise<void> {
  const { url, stop } = await start();
  try {
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const env = { ...process.env, [variable]: url };
    const args = [jest, '--runInBand', '--testPathIgnorePatterns', 'none', '--runTestsByPath', ...suites];
    const { status } = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' });
    if (status !== 0) process.exitCode = status ?? 1;
  } finally {
    await stop();
  }
}

runCommand(conformance, main);
