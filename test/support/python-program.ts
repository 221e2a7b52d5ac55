import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A program from PyPI, in a virtual environment of its own, which is made when it is missing and may be deleted. */
export class PythonProgram {
  readonly folder: string;
  readonly path: string;

  constructor(
    readonly name: string,
    readonly version: string,
  ) {
    this.folder = join(__dirname, '../../build', `${name}-${version}`);
    this.path = join(this.folder, 'bin', name);
  }

  get isInstalled(): boolean {
    return existsSync(this.path);
  }

  /** Why it cannot run here; undefined when it can, installed if it was not yet. */
  whatIsMissing(): string | undefined {
    if (this.isInstalled) return undefined;
    if (spawnSync('python3', ['-m', 'venv', '--help']).status !== 0) return 'there is no Python with venv here';
    mkdirSync(this.folder, { recursive: true });
    const pip = ['install', '--quiet', '--disable-pip-version-check', `${this.name}==${this.version}`];
    const fault = run('python3', ['-m', 'venv', this.folder]) ?? run(join(this.folder, 'bin', 'pip'), pip);
    if (fault !== undefined) rmSync(this.folder, { recursive: true, force: true });
    return fault && `it cannot be installed: ${fault}`;
  }
}

function run(command: string, args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
