import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 120_000;
const POLL_MS = 100;

/** A server of others that runs for as long as it is needed. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

export function hasJava(): boolean {
  return spawnSync('java', ['-version']).status === 0;
}

/** Throws with what the command had to say. */
export function run(command: string, args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr + stdout}`);
}

/** Starts it on a free port, and returns once it answers. */
export function startJava(
  name: string,
  argsFor: (port: number) => string[],
  cwd = process.cwd(),
): Promise<RunningServer> {
  return startServer(name, 'java', argsFor, () => ({ cwd }));
}

export async function startServer(
  name: string,
  command: string,
  argsFor: (port: number) => string[],
  optionsFor: (port: number) => SpawnOptions,
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(command, argsFor(port), { ...optionsFor(port), stdio: 'ignore' });
  const stop = () => end(child);
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${name} does not start`);
    }
    await sleep(POLL_MS);
  }
  return { url, stop };
}

/** A request without credentials is refused: it is there. */
async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
