import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument } from 'commander';
import { command, runCommand, wholeNumber } from '../../local/command.js';
import { fileFault } from '../../local/files.js';

const ROOT = join(__dirname, '../..');
const { version, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

class Exit extends Error {
  constructor(readonly code: unknown) {
    super();
  }
}

/** What a command made of its arguments: what it said on stdout and stderr, and how it ended; or what it runs with. */
async function typed(...args: string[]) {
  const said = { out: '', err: '' };
  const take = (stream: keyof typeof said) => (text: unknown) => {
    said[stream] += text;
    return true;
  };
  const spies = [
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(code);
    }),
    jest.spyOn(process.stdout, 'write').mockImplementation(take('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(take('err')),
    jest.spyOn(console, 'error').mockImplementation((text) => void take('err')(`${text}\n`)),
    jest.spyOn(process, 'on').mockReturnThis(),
  ];
  const example = command('npm run example', 'Does nothing.')
    .addArgument(new Argument('[words...]').choices(['one', 'two']))
    .option('--kill-every <seconds>', 'seconds', wholeNumber(1, 60), 5)
    .option('--fair', 'kindly');
  try {
    return await new Promise<object>((resolve) => {
      runCommand(example, async (options, words) => resolve({ options, words }), args);
    });
  } catch (error) {
    if (error instanceof Exit) return { code: error.code, ...said };
    throw error;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('a command is run with what was asked for', async () => {
  expect(await typed()).toEqual({ options: { killEvery: 5 }, words: [] });
  const options = { killEvery: 60, fair: true };
  expect(await typed('two', '--kill-every', '60', 'one', '--fair')).toEqual({ options, words: ['two', 'one'] });
});

test('it says how it is called, and which version it is', async () => {
  const help = await typed('--help');
  expect(help).toEqual({
    code: 0,
    err: '',
    out: expect.stringMatching(/^Usage: npm run example -- \[options\] \[words/),
  });
  expect(await typed('-h')).toEqual(help);
  expect(await typed('--version')).toEqual({ code: 0, err: '', out: `${version}\n` });
});

test.each([
  [['--kil-every', '1'], "Unknown option '--kil-every' (did you mean --kill-every?)"],
  [['-x'], "Unknown option '-x'"],
  [['--kill-every'], "Option '--kill-every <seconds>' argument missing"],
  ...['', '0', '61', '1.5', '-1', '1e1', 'many', ' 7'].map((given) => [
    [`--kill-every=${given}`],
    `Option '--kill-every <seconds>' argument '${given}' is invalid: it must be a whole number from 1 to 60`,
  ]),
  [['six'], "Command-argument value 'six' is invalid for argument 'words': allowed choices are one, two"],
] as [string[], string][])('%j is refused in one sentence', async (args, sentence) => {
  const err = `${sentence}; npm run example -- --help lists the options.\n`;
  expect(await typed(...args)).toEqual({ code: 2, out: '', err });
});

test('an option that npm took for its own is noticed', async () => {
  process.env['npm_config_kill_every'] = 'true'; // as by `npm run example --kill-every 1`
  const refused = await typed('1');
  delete process.env['npm_config_kill_every'];
  const err = 'npm took --kill-every for an option of its own: write npm run example -- --kill-every <seconds>\n';
  expect(refused).toEqual({ code: 2, out: '', err });
});

test.each([
  [fileFault('/data', { code: 'EROFS' }), '/data cannot be used: read-only file system (EROFS)'],
  [{ code: 'EADDRINUSE', port: 80 }, 'port 80 is taken: choose another with --port'],
  [{ code: 'EACCES', port: 80 }, 'port 80 may not be used: choose another with --port'],
  [{ code: 'EACCES', path: '/build' }, '/build cannot be used: permission denied (EACCES)'],
  [{ code: 'ENOENT', path: '/ours' }, '[object Object]'],
])('%j is told, and ends the command with 1', async (fault, told) => {
  const error = jest.spyOn(console, 'error').mockReturnValue();
  const exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const on = jest.spyOn(process, 'on').mockReturnThis();
  runCommand(command('npm run example', ''), () => Promise.reject(fault), []);
  await Promise.resolve();
  expect([String(error.mock.calls[0]![0]), exit.mock.calls]).toEqual([told, [[1]]]);
  // As when it happens later.
  (on.mock.calls.find(([event]) => event === 'uncaughtException')![1] as (error: unknown) => void)(fault);
  expect(error.mock.calls[1]).toEqual(error.mock.calls[0]);
  jest.restoreAllMocks();
});

test('every command of the project is read so, and tells an old Node first', () => {
  const lines = Object.values<string>(scripts).filter((line) => line.includes('tsx'));
  const files = lines.map(
    (line) => /^node bin\/supported-node\.cjs && (?:exec )?node --import tsx (\S+)$/.exec(line)?.[1] ?? line,
  );
  expect(files.length).toBeGreaterThan(9);
  const others = files.filter((file) => !/^runCommand\(/m.test(readFileSync(join(ROOT, file), 'utf8')));
  // Those of bin/ have no options, and `punctual` reads its own.
  expect(others.filter((file) => !file.startsWith('bin/'))).toEqual(['cli/main.ts']);
});
