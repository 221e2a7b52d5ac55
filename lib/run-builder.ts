import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/**
 * Runs a builder of web pages in its own process: it is an ES module, loads for a second, and changes its process's
 * environment. Rejects with what it printed.
 * @param program from `node_modules`
 */
export function runBuilder(what: string, program: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd: ROOT,
    // Every build, a test's too, is the deployed build.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`cannot build ${what}: ${said}`))));
  });
}
