import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { on } from 'node:events';

/** The shells that a reader may paste a page's lines into; `testWith(shell, '-c', ':')` skips the one that is missing. */
export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/** Without the user's settings, and without what is printed around a prompt. */
const INTERACTIVE: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--norc', '--noprofile', '--noediting', '-i'],
  zsh: ['-f', '-o', 'no_prompt_sp', '-i'],
};
const FAILED = '_pasted_command_failed';
const FAILURE = new RegExp(`\n${FAILED} (\\d+)\n`, 'g');

/** What came of a pasted block. A block that pastes well has `failed` and `stderr` empty. */
export interface Pasted {
  readonly stdout: string;
  /** The shell's own complaints too: `zsh: command not found: #`. */
  readonly stderr: string;
  /** The exit codes of the commands that failed, in order; a shell does not stop at the first of them. */
  readonly failed: readonly number[];
}

/**
 * The ```sh and ```bash blocks of a Markdown page in order, or those below one heading and its subheadings alone; without
 * those that are marked `not-run`.
 */
export function shellBlocks(page: string, heading?: string): string[] {
  const blocks: string[] = [];
  let fence: { readonly indent: string; readonly lines?: string[] } | undefined;
  let below = heading === undefined ? 0 : undefined; // the level of the heading that we are below
  for (const line of page.split('\n')) {
    const [, indent = '', language] = /^(\s*)```(.*?)\s*$/.exec(line) ?? [];
    if (fence === undefined && language !== undefined) {
      fence = { indent, ...(below !== undefined && /^(sh|bash)$/.test(language) && { lines: [] }) };
    } else if (language !== undefined) {
      if (fence?.lines) blocks.push(fence.lines.join('\n'));
      fence = undefined;
    } else if (fence !== undefined) {
      fence.lines?.push(line.replace(fence.indent, ''));
    } else if (heading !== undefined) {
      const [, level, text] = /^(#+)\s+(.*?)\s*$/.exec(line) ?? [];
      if (level !== undefined && text === heading) below = level.length;
      else if (level !== undefined && level.length <= (below ?? 0)) below = undefined;
    }
  }
  return blocks;
}

/**
 * An interactive shell, without the user's own settings, that takes what is pasted into it line by line, as a terminal
 * does. So `#` begins no comment in zsh, `!` is the history's, and a command that fails stops nothing. What one block
 * sets is there in the next.
 */
export class PastingShell {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly seen = { stdout: '', stderr: '' };
  private pastes = 0;

  constructor(shell: Shell, options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {}) {
    const quiet = { PS1: '', PS2: '', HISTFILE: '' };
    this.process = spawn(shell, INTERACTIVE[shell], {
      env: { ...process.env, ...quiet, ...options.env },
      cwd: options.cwd,
      detached: true, // a process group of its own, which close() ends as a whole
    });
    for (const name of ['stdout', 'stderr'] as const)
      this.process[name].setEncoding('utf8').on('data', (text) => {
        this.seen[name] += text;
        this.process.emit('said');
      });
    this.process.stdin.on('error', () => undefined); // the shell has ended, which paste() notices
    // Both shells know ERR. The first paste also swallows that there is no terminal to control jobs on.
    this.process.stdin.write(`${FAILED}() { printf '\\n${FAILED} %s\\n' $1 >&2; }; trap '${FAILED} $?' ERR\n`);
  }

  /** Pastes the block as a whole. @throws Error when it does not end: an open quote, a command that waits */
  async paste(block: string, patienceMs = 10_000): Promise<Pasted> {
    if (this.pastes === 0) await this.run(':', patienceMs);
    return this.run(block, patienceMs);
  }

  close(): void {
    this.process.stdin.end();
    try {
      process.kill(-this.process.pid!, 'SIGKILL');
    } catch {} // it has ended by itself
  }

  private async run(block: string, patienceMs: number): Promise<Pasted> {
    this.pastes += 1;
    const end = `\n<end of paste ${this.pastes}>\n`;
    const mark = `printf '\\n<end of paste %s>\\n' ${this.pastes}`;
    this.process.stdin.write(`${block}\n${mark}; ${mark} >&2\n`);
    const { seen } = this;
    if (!(await this.hears(() => seen.stdout.includes(end) && seen.stderr.includes(end), patienceMs)))
      throw new Error(`The pasted block did not end:\n${block}\n${seen.stdout}\n${seen.stderr}`);
    const stdout = this.taken('stdout', end);
    const stderr = this.taken('stderr', end);
    const failed = [...stderr.matchAll(FAILURE)].map(([, code]) => Number(code));
    return { stdout, stderr: stderr.replaceAll(FAILURE, ''), failed };
  }

  private async hears(all: () => boolean, patienceMs: number): Promise<boolean> {
    const patience = AbortSignal.timeout(patienceMs);
    try {
      const events = on(this.process, 'said', { signal: patience, close: ['exit'] });
      while (!all() && !(await events.next()).done);
      await events.return?.();
    } catch (error) {
      if (!patience.aborted) throw error;
    }
    return all();
  }

  /** What was said before the end, without it. */
  private taken(name: 'stdout' | 'stderr', end: string): string {
    const [before = '', ...after] = this.seen[name].split(end);
    this.seen[name] = after.join(end);
    return before;
  }
}
