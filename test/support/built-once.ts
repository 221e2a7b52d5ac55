import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StageSettings } from '../../lib/config.js';
import type { Synthesized } from '../../local/local-stack.js';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'build', 'e2e');
/** All that template and bundles are made from. */
const SOURCES = ['bin', 'lib', 'functions', 'docs/integrate.md', 'cdk.json', 'package.json', 'package-lock.json'];
const OLD_MS = 60 * 60 * 1000;

/**
 * The stage `local` with these settings on top, as `npm start` would run it. Synthesized and bundled once per content of
 * the sources, for all suites of a run and for the next run too; in a process of its own, because the CDK takes seconds to
 * load inside of jest.
 */
export function builtOnce(settings: Partial<StageSettings> = {}): Synthesized {
  return keptOnce(SOURCES, settings, (file) => build(file, settings));
}

/** The JSON file that `make` writes, kept for all suites of a run and for the next run, until one of the sources changes. */
export function keptOnce<Made>(sources: readonly string[], of: object, make: (file: string) => void): Made {
  const folder = join(FOLDER, digestOf(sources));
  const file = join(folder, `${digest(JSON.stringify(of))}.json`);
  if (!existsSync(file)) {
    removeOldOnes();
    make(file);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Made;
}

const digests = new Map<readonly string[], string>();

function digestOf(sources: readonly string[]): string {
  const known = digests.get(sources) ?? digest(...sources.flatMap((name) => contentsOf(join(ROOT, name))));
  digests.set(sources, known);
  return known;
}

/** Moved to its place, so that who finds the file finds all of it. */
export function writeWhole(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(value));
  renameSync(`${file}.${process.pid}`, file);
}

function build(file: string, settings: Partial<StageSettings>): void {
  const script = join(__dirname, 'synthesize-into.ts');
  const made = spawnSync(process.execPath, ['--import', 'tsx', script, file, JSON.stringify(settings)], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`cannot build the stack: ${made.stderr}`);
}

function removeOldOnes(): void {
  if (!existsSync(FOLDER)) return;
  for (const name of readdirSync(FOLDER)) {
    const folder = join(FOLDER, name);
    // Another worker may have removed it.
    const changed = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (changed < Date.now() - OLD_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function contentsOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path, readFileSync(path, 'utf8')];
  return readdirSync(path)
    .sort()
    .flatMap((name) => contentsOf(join(path, name)));
}

function digest(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest('hex').slice(0, 16);
}
