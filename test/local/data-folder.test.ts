import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder, readRemembered, remember } from '../../local/data-folder.js';
import { temporaryFolder } from './temporary-folder.js';

const ROOT = join(__dirname, '../..');
const folder = temporaryFolder();

/** Another process that holds the folder's lock as a local stack does, and lives until it is killed. */
async function holder(path: string): Promise<ChildProcess> {
  const holds = `require('./local/data-folder.ts').lockDataFolder(process.argv[1]); console.log(); setInterval(() => {}, 1e6)`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--eval', holds, path], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  return child;
}

test('a folder is held by one stack at a time', () => {
  const path = join(folder, 'not', 'yet', 'there');
  const release = lockDataFolder(path);
  expect(() => lockDataFolder(path)).toThrow(
    `${path} is in use by another local stack (process ${process.pid} on ${hostname()}): stop that one, or choose another --data`,
  );
  release();
  lockDataFolder(path)();
});

test('what the file says does not count: neither a living process nor a namesake of a dead one', () => {
  const path = join(folder, 'said');
  lockDataFolder(path)();
  for (const pid of [process.pid, process.ppid, 1]) {
    writeFileSync(join(path, 'lock'), String(pid));
    lockDataFolder(path)();
  }
  expect(readFileSync(join(path, 'lock'), 'utf8')).toBe(`process ${process.pid} on ${hostname()}`);
});

test('a lock ends with its process, even before its parent has heard of the end', async () => {
  const path = join(folder, 'killed');
  const child = await holder(path);
  expect(() => lockDataFolder(path)).toThrow(`(process ${child.pid} on`);
  const end = once(child, 'exit');
  process.kill(child.pid!, 'SIGKILL');
  let release: (() => void) | undefined;
  // Nothing in this loop lets Node reap its child: until then it is a zombie, and its number is still taken.
  for (const until = Date.now() + 5_000; !release && Date.now() < until; )
    try {
      release = lockDataFolder(path);
    } catch {}
  expect([release, child.exitCode]).toEqual([expect.any(Function), null]);
  release!();
  await end;
});

test.each([
  ['a file in its place', (path: string) => writeFileSync(path, ''), 'not a directory (ENOTDIR)'],
  [
    'a link that leads nowhere',
    (path: string) => symlinkSync(join(folder, 'none'), path),
    'file already exists (EEXIST)',
  ],
])('%s is told in a sentence', (name, make, reason) => {
  const path = join(folder, name);
  make(path);
  expect(() => lockDataFolder(path)).toThrow(`${path} cannot be used: ${reason}`);
});

const testOnLinux = existsSync('/proc/self') ? test : test.skip;
testOnLinux('where no folder can be made, that is told at once', () => {
  for (const path of ['/proc', '/proc/none', '/proc/none/below'])
    expect(() => lockDataFolder(path)).toThrow(`${path} cannot be used: no such file or directory (ENOENT)`);
});

test('what is remembered is for its owner only', () => {
  expect(readRemembered(folder, 'x.json')).toBeUndefined();
  remember(folder, 'x.json', { key: 'sk_1' });
  expect(readRemembered(folder, 'x.json')).toEqual({ key: 'sk_1' });
  expect(statSync(join(folder, 'x.json')).mode & 0o777).toBe(0o600);
});
