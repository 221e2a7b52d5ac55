import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const BUILT = join(ROOT, 'build', 'console');
/** Sources of the built console. */
const SOURCES = ['console', 'package.json', 'package-lock.json'];

/**
 * Builds the console and resolves to the folder of its files; an earlier build of the same sources is used again.
 * Rejects with Vite's errors.
 */
export async function bundleConsole(): Promise<string> {
  const folder = builtFolder();
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  await runVite(making);
  // The folder appears by a rename, so that a folder that exists is complete.
  if (existsSync(folder)) rmSync(making, { recursive: true });
  else renameSync(making, folder);
  return folder;
}

/** Folder of the console built from the present sources, built or not; earlier builds lie beside it. */
function builtFolder(): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesOf(join(ROOT, source))))
    hash.update(file).update(readFileSync(file));
  mkdirSync(BUILT, { recursive: true });
  return join(BUILT, hash.digest('hex').slice(0, 16));
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

/** Vite runs in its own process: it is an ES module, loads for a second, and changes its process's environment. */
function runVite(outDir: string): Promise<void> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(ROOT, 'console', 'vite.config.mts');
  const args = [vite, 'build', '--config', config, '--outDir', outDir, '--logLevel', 'warn'];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // Every build, a test's too, is the deployed build.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`cannot build the console: ${said}`))));
  });
}
