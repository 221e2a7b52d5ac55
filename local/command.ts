import { Command, InvalidArgumentError } from 'commander';
import { version } from '../package.json';
import { DataFolderInUse, FileFault, fileFault } from './files.js';

/** Exit codes. */
const FAILED = 1;
const WRONG_USE = 2;

/** Errors of the operating system that a user can correct, such as a checkout that belongs to another user. */
const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']);

/**
 * A command of the project, named as typed: `npm run demo`. It knows `--help`, `-h` and `--version`, and refuses
 * unknown options in one sentence. The caller adds options, then calls `runCommand`.
 */
export function command(typed: string, does: string): Command {
  return new Command(`${typed} --`)
    .description(does)
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text, write) => write(`${sentence(text)}; ${typed} -- --help lists the options.\n`),
    })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USE));
}

/** One sentence from commander's "error: unknown option '--prot'\n(Did you mean --port?)". */
function sentence(text: string): string {
  const [fault = '', hint] = text.replace('error: ', '').trim().split('\n');
  const one = fault
    .replace(/\.$/, '')
    .replace('. ', ': ')
    .replace(/: \w/, (start) => start.toLowerCase());
  return one.charAt(0).toUpperCase() + one.slice(1) + (hint ? ` ${hint.replace('Did', 'did')}` : '');
}

/** Reads an option that is a whole number. */
export function wholeNumber(least = 0, most = 999_999_999): (given: string) => number {
  return (given) => {
    const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Parses the command line and runs the command. */
export function runCommand<Options>(
  described: Command,
  main: (options: Options, words: readonly string[]) => Promise<void>,
  args = process.argv.slice(2),
): void {
  refuseKeptByNpm(described);
  described.parse(args, { from: 'user' });
  runMain(() => main(described.opts() as Options, described.args));
}

/** Runs a command's work. An error that the user can correct is printed as a sentence, any other one with its stack trace. */
export function runMain(main: () => Promise<void>): void {
  const fail = (error: unknown) => {
    console.error(explain(error));
    process.exit(FAILED);
  };
  process.on('uncaughtException', fail);
  main().catch(fail);
}

/** `npm start --port 1`, without `--` before the options, gives the option to npm: only npm's own variable shows it. */
function refuseKeptByNpm(described: Command): void {
  for (const { long, flags, required } of described.options)
    if (required && process.env[`npm_config_${long!.slice(2).replaceAll('-', '_')}`] !== undefined) {
      console.error(`npm took ${long} for an option of its own: write ${described.name()} ${flags}`);
      process.exit(WRONG_USE);
    }
}

function explain(error: unknown): unknown {
  if (error instanceof DataFolderInUse || error instanceof FileFault) return error.message;
  const { code, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is taken: choose another with --port`;
  if (code === 'EACCES' && port !== undefined) return `port ${port} may not be used: choose another with --port`;
  return (path !== undefined && REFUSALS.has(code!) && fileFault(path, error)?.message) || error;
}
