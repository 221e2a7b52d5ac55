import { Option } from 'commander';
import { command, runCommand, wholeNumber } from '../../local/command.js';
import type { Synthesized } from '../../local/local-stack.js';
import { SETTINGS } from '../chaos/settings.js';
import { builtOnce } from '../support/built-once.js';
import { mixed } from './mixed.js';
import { built, releaseAt, releaseBefore } from './release-before.js';
import { runOrder } from './run-order.js';
import { apiStories } from './stories/api.js';
import { eventStories } from './stories/events.js';
import { newStories } from './stories/new.js';
import { runStories } from './stories/runs.js';
import { scheduleStories } from './stories/schedules.js';

const STORIES = [...runStories, ...scheduleStories, ...eventStories, ...apiStories, ...newStories];
/**
 * Longer than what the stories delay most, and three rounds of the reconciler: a release may remove in the second round
 * what the other release left in the first, and the third round ends a deletion.
 */
const MINUTES = 47;

type Pair = readonly [first: Synthesized, second: Synthesized];

const ORDERS: Readonly<Record<string, (old: Synthesized, next: Synthesized, seed: number) => Pair>> = {
  upgrade: (old, next) => [old, next],
  rollback: (old, next) => [next, old],
  mixed: (old, next, seed) => [mixed(old, next, seed), mixed(old, next, seed)],
};

interface Options {
  readonly before?: string;
  readonly order?: string;
  readonly story?: string;
  readonly tasks: number;
  readonly seed: number;
}

const releases = command(
  'npm run releases',
  'Holds this release beside the release before, over one data folder: work that one of them begins is ended by the other.',
)
  .option(
    '--before <git ref>',
    'the release before; by default the newest tag v…, without a tag the parent of the commit that changed the version in package.json',
  )
  .addOption(new Option('--order <name>', 'one order alone').choices(Object.keys(ORDERS)))
  .addOption(new Option('--story <name>', 'one story alone, without a load').choices(STORIES.map(({ name }) => name)))
  .option('--tasks <number>', 'task runs of the load', wholeNumber(), 60)
  .option('--seed <number>', 'what chance goes by', wholeNumber(), 1);

async function main({ before, order, story, tasks, seed }: Options): Promise<void> {
  const release = before === undefined ? releaseBefore() : releaseAt(before);
  if (typeof release === 'string') return console.log(`skipped: ${release}; name one with --before`);
  console.log(`the release before: ${release.version}, ${release.commit}`);
  const next = builtOnce(SETTINGS);
  const old = withTablesOf(next, built(release, SETTINGS));
  const stories = STORIES.filter(({ name }) => story === undefined || name === story);
  for (const [name, pair] of Object.entries(ORDERS)) {
    if (order !== undefined && name !== order) continue;
    const began = Date.now();
    const say = (line: string) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`);
    console.log(name);
    const [first, second] = pair(old, next, seed);
    const ordered = {
      first,
      second,
      stories,
      seed,
      tasks: story === undefined ? tasks : 0,
      minutes: MINUTES,
      mayWait: name !== 'upgrade',
      returns: name === 'rollback',
      keep: true,
      say,
    };
    const { counts, faults } = await runOrder(ordered);
    for (const [what, count] of Object.entries({ ...counts, faults: faults.length }))
      console.log(`${String(count).padStart(9)}  ${what}`);
    for (const fault of faults) console.log(`  ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
}

/** The local DynamoDB never changes a table, whereas a deployment adds an index before a function needs it. */
function withTablesOf({ template: { Resources } }: Synthesized, old: Synthesized): Synthesized {
  const tables = Object.entries(Resources).filter(([, { Type }]) => Type.startsWith('AWS::DynamoDB::'));
  const merged = { ...old.template.Resources, ...Object.fromEntries(tables) };
  return { ...old, template: { ...old.template, Resources: merged } };
}

runCommand(releases, main);
