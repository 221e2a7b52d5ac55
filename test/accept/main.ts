import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option } from 'commander';
import { command, runCommand } from '../../local/command.js';
import stages from '../../punctual.config.js';
import { Stage } from './account.js';
import { isAccepted, reportOf, resultText } from './report.js';
import { outcomeOf, type Result, runAll, type World } from './step.js';
import { STEPS } from './steps.js';

interface Options {
  readonly stage?: string;
  readonly api?: string;
  readonly operatorKey?: string;
  readonly receiver?: string;
  readonly app?: string;
  readonly short?: boolean;
  readonly keep?: boolean;
  readonly report: string;
}

const base = (url: string) => url.replace(/\/+$/, '');
const names = stages.map(({ stage }) => stage);

const acceptance = command(
  'npm run accept',
  'Deploys a stage into your AWS account, tries there what only AWS can prove, removes it, and writes a report. It takes two hours, and costs less than a dollar.',
)
  .addOption(new Option('--stage <name>', 'a stage of punctual.config.ts, not deployed yet').choices(names))
  .addOption(
    new Option('--api <url>', 'a service that runs already: no AWS is used').argParser(base).conflicts('stage'),
  )
  .option('--operator-key <key>', 'with --api: as whom')
  .option('--receiver <url>', 'a receiver that speaks as the one of the local stack; by default the API itself', base)
  .option('--app <folder>', 'a cloud assembly to deploy in place of a new one')
  .option('--short', 'leave out what waits longer than some minutes')
  .option('--keep', 'do not remove the stage')
  .option('--report <file>', 'where to write the report', join(__dirname, '../../build/acceptance.md'));

async function main(options: Options): Promise<void> {
  const { stage, api, operatorKey, receiver, short: isShort = false, report } = options;
  const settings = stages.find((one) => one.stage === stage);
  if (!settings && (api === undefined || operatorKey === undefined))
    return acceptance.error('error: give --stage, or --api with --operator-key');
  const world: World = { deployment: { api: api ?? '', operatorKey: operatorKey ?? '', receiver }, isShort };
  const results: Result[] = [];
  const hear = (result: Result) => {
    console.log(resultText(result));
    results.push(result);
  };
  const left = settings
    ? await acceptStage(new Stage(settings, options.app), world, options.keep ?? false, hear)
    : await runAll(STEPS, world, hear).then(() => ['A project named "story" at that address.']);
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, reportOf(stage === undefined ? api! : `the stage ${stage}`, results, left));
  console.log(['', 'What is left:', ...left].join('\n'));
  console.log(`\n${isAccepted(results) ? 'Accepted' : 'NOT accepted'}: ${report}`);
  process.exitCode = isAccepted(results) ? 0 : 1;
}

/** What was deployed is removed, whatever failed in between. Answers what is left. */
async function acceptStage(
  stage: Stage,
  world: World,
  isKept: boolean,
  hear: (result: Result) => void,
): Promise<string[]> {
  const step = async (name: string, work: () => Promise<readonly string[]>) => {
    const result = await outcomeOf(name, work);
    hear(result);
    return result.verdict === 'passed';
  };
  if (!(await step('preflight', () => stage.preflight()))) return ['Nothing was deployed, and nothing is left.'];
  warnOfWhatStays(stage);
  if (await step('deploy', () => stage.deploy()))
    await stage.enter(world).then(
      (inside) => runAll(STEPS, inside, hear),
      (error) => step('operator key', () => Promise.reject(error)),
    );
  if (!isKept) await step('teardown', () => stage.remove());
  return stage
    .left()
    .catch((error: Error) => [
      `It cannot be read (${error.message}). Look whether the stack is there: \`npx cdk destroy ${stage.stack}\`.`,
    ]);
}

function warnOfWhatStays({ stack }: Stage): void {
  process.once('SIGINT', () => {
    console.log(`\nInterrupted. The stack ${stack} may be there. Remove it: npx cdk destroy ${stack}`);
    process.exit(130);
  });
}

runCommand(acceptance, main);
