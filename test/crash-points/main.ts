import { InvalidArgumentError, Option } from 'commander';
import { command, runCommand } from '../../local/command.js';
import { crashPoints } from './crash-points.js';
import { nameOf, pointOf } from './point.js';
import { report } from './report.js';
import { STORIES } from './stories.js';

interface Options {
  readonly story?: string;
  /** As `nameOf` gives them. */
  readonly point?: readonly string[];
}

const crash = command(
  'npm run crash-points',
  'Tells the stories again and again, a function killed right before and right after each of its calls.',
)
  .addOption(new Option('--story <name>', 'tell one story alone').choices(STORIES.map(({ name }) => name)))
  .option('--point <name>', 'kill at this point alone, such as deliverer:3:before; more than once for several', points);

function points(given: string, others: readonly string[] = []): string[] {
  try {
    return [...others, nameOf(pointOf(given))];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

async function main({ story, point }: Options): Promise<void> {
  const started = Date.now();
  const tellings = await crashPoints({
    stories: STORIES.filter(({ name }) => story === undefined || name === story),
    ...(point && { points: (_story, candidate) => point.includes(nameOf(candidate)) }),
  });
  const { text, failed } = report(tellings, Date.now() - started);
  process.stdout.write(text);
  process.exitCode = failed ? 1 : 0;
}

runCommand(crash, main);
