import { testWith } from './run-command.js';
import { PastingShell, SHELLS, shellBlocks } from './shell-blocks.js';

const PAGE = `# Page

\`\`\`sh
# not a heading
echo one
\`\`\`

## First

\`\`\`json
{"not": "a shell's"}
\`\`\`

1. In a list:

   \`\`\`bash
   echo two \\
     three
   \`\`\`

### Below

\`\`\`sh
echo four
\`\`\`

## Second

\`\`\`sh not-run
echo never
\`\`\`

\`\`\`sh
echo five
\`\`\`
`;

test('The blocks of a page are found in order, or those below a heading', () => {
  const below = ['echo two \\\n  three', 'echo four'];
  expect(shellBlocks(PAGE)).toEqual(['# not a heading\necho one', ...below, 'echo five']);
  expect(shellBlocks(PAGE, 'First')).toEqual(below);
  expect(shellBlocks(PAGE, 'No such heading')).toEqual([]);
});

describe.each(SHELLS)('Pasted into %s', (name) => {
  const testInShell = testWith(name, '-c', ':');
  let shell: PastingShell;
  beforeEach(() => {
    shell = new PastingShell(name, { env: { KEY: 'sk 1' }, cwd: '/' });
  });
  afterEach(() => shell.close());

  testInShell('what one block sets is there in the next, and nothing is said of the shell itself', async () => {
    expect(await shell.paste('X="$KEY"\necho $X; \\\n  pwd')).toEqual({
      stdout: 'sk 1\n/\n',
      stderr: '',
      failed: [],
    });
    expect(await shell.paste('printf %s "$X"')).toEqual({ stdout: 'sk 1', stderr: '', failed: [] });
  });

  testInShell('a command that fails is told, and the next one is run', async () => {
    const block = 'ls /none/such 2>/dev/null\n(exit 7)\necho after; echo oops >&2';
    expect(await shell.paste(block)).toEqual({ stdout: 'after\n', stderr: 'oops\n', failed: [expect.any(Number), 7] });
  });

  testInShell('a block that does not end is an error', async () => {
    await expect(shell.paste("echo it's", 500)).rejects.toThrow('did not end');
  });

  testInShell('a shell that has ended is an error', async () => {
    await expect(shell.paste('exit 3')).rejects.toThrow('did not end');
  });
});

testWith(
  'zsh',
  '-c',
  ':',
)('A comment is no comment to zsh, as at its prompt', async () => {
  const shell = new PastingShell('zsh');
  const { stderr, stdout } = await shell.paste('# 2. What (run_at 0 is now)\necho next # here');
  expect(stderr).toMatch(/^zsh: /);
  expect(stdout).toBe('next # here\n');
  shell.close();
});
