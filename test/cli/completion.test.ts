import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCommandLine } from '../support/command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'punctual-completion-'));
const command = buildCommandLine(folder);
afterAll(() => rmSync(folder, { recursive: true }));

/** The file with the script that the command prints for this shell. */
function scriptFor(shell: string): string {
  const file = join(folder, shell);
  writeFileSync(file, execFileSync(process.execPath, [command, 'completion', shell]));
  return file;
}

const isThere = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
/** A shell that is not installed is shown as skipped. */
const testIn = (shell: string) => (isThere(shell) ? test : test.skip);

testIn('bash')('bash completes commands, their commands, options and values, and else files', () => {
  const script = scriptFor('bash');
  const asked = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _punctual; echo "\${COMPREPLY[*]}"`;
  const completed = (...words: string[]) =>
    execFileSync('bash', ['-c', asked, 'bash', script, 'punctual', ...words])
      .toString()
      .trim();
  expect(completed('sch')).toBe('schedule schema');
  expect(completed('schedule', 're')).toBe('resume');
  expect(completed('send', 'https://a.example', '{}', '--la')).toBe('--label');
  expect(completed('schedule', 'list', '--')).toBe('--json --profile --help');
  expect(completed('completion', 'z')).toBe('zsh');
  expect(completed('send', 'schedule', 're')).toBe('');
});

testIn('zsh')('zsh completes them at its prompt', () => {
  const program = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "autoload -Uz compinit; compinit -u -D; source ${scriptFor('zsh')}; print re''ady"
    zpty -r shell shown '*ready*'
    zpty -w -n shell $'punctual schedule res\\t'
    zpty -r shell shown '*resume*'
    print -r -- "$shown"
    zpty -d shell`;
  expect(execFileSync('zsh', ['-f', '-c', program], { timeout: 25_000 }).toString()).toContain('schedule resume');
});

testIn('fish')('fish completes them', () => {
  const script = scriptFor('fish');
  const completed = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`])
      .toString()
      .split('\n')
      .map((each) => each.split('\t')[0]);
  expect(completed('punctual schedule re')).toContain('resume');
  expect(completed('punctual send --la')).toContain('--label');
});

test('another shell is refused', () => {
  expect(spawnSync(process.execPath, [command, 'completion', 'tcsh']).status).toBe(2);
});
