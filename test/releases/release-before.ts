import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { StageSettings } from '../../lib/config.js';
import type { Synthesized } from '../../local/local-stack.js';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'build', 'releases');
/** Releases before this one store other rows. */
const FIRST_WITH_THESE_ROWS = [0, 4];

export interface Release {
  readonly commit: string;
  /** As its package.json says. */
  readonly version: string;
}

/** The release that `ref` names. @throws Error if there is none */
export function releaseAt(ref: string): Release {
  const commit = git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
  if (commit === undefined) throw new Error(`--before ${ref}: git knows no such commit`);
  return { commit, version: JSON.parse(git('show', `${commit}:package.json`)!).version };
}

/**
 * The release before this one: the newest tag `v…`; without a tag, the parent of the commit that changed the version.
 * Answers why not if there is none, or none that stores such rows.
 */
export function releaseBefore(): Release | string {
  const [tag] = git('tag', '--list', 'v*', '--sort=-version:refname')?.split('\n').filter(Boolean) ?? [];
  const changed = git('log', '-1', '--format=%H', '-G^  "version":', '--', 'package.json');
  const ref = tag ?? (changed && git('rev-parse', '--verify', '--quiet', `${changed}^`));
  if (!ref) return 'git knows no tag v… and no commit before the one that changed the version';
  const release = releaseAt(ref);
  const [major = 0, minor = 0] = release.version.split('.').map(Number);
  const [firstMajor, firstMinor] = FIRST_WITH_THESE_ROWS as [number, number];
  const isOlder = major < firstMajor || (major === firstMajor && minor < firstMinor);
  return isOlder ? `the release before is ${release.version}, and releases before 0.4.0 store other rows` : release;
}

/** The release's stack, bundled and synthesized by its own code, with the packages of this checkout. */
export function built(release: Release, settings: Partial<StageSettings>): Synthesized {
  const checkout = checkedOut(release);
  const file = join(checkout, 'build', 'release', 'stack.json');
  const args = ['--import', 'tsx', join('test', 'support', 'synthesize-into.ts'), file, JSON.stringify(settings)];
  const made = spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`cannot build ${release.commit}: ${made.stderr}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Synthesized;
}

/** A folder with the release's files, and the packages of this checkout. */
export function checkedOut({ commit }: Release): string {
  const checkout = join(FOLDER, commit);
  if (!existsSync(checkout)) checkOut(commit, checkout);
  return checkout;
}

/** Beside and moved, so that a folder that is there has all of it. */
function checkOut(commit: string, folder: string): void {
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  const archive = `${making}.tar`;
  run('git', 'archive', '--format=tar', `--output=${archive}`, commit);
  run('tar', '-xf', archive, '-C', making);
  rmSync(archive);
  symlinkSync(join(ROOT, 'node_modules'), join(making, 'node_modules'));
  renameSync(making, folder);
}

function run(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${program} ${args[0]}: ${stderr}`);
}

/** What git prints; undefined if git refuses, or is missing. */
function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
