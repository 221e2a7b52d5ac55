import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder, readRemembered, remember } from '../../local/data-folder.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

test('a folder is held by one stack at a time', () => {
  const path = join(folder, 'twice');
  const release = lockDataFolder(path);
  expect(() => lockDataFolder(path)).toThrow(`${path} is in use by another local stack (process ${process.pid})`);
  release();
  expect(existsSync(join(path, 'lock'))).toBe(false);
  lockDataFolder(path)();
});

test('a living process keeps its lock, a dead one loses it', () => {
  const path = join(folder, 'others');
  lockDataFolder(path)();
  writeFileSync(join(path, 'lock'), String(process.ppid));
  expect(() => lockDataFolder(path)).toThrow(`process ${process.ppid}`);
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(join(path, 'lock'), String(dead));
  lockDataFolder(path)();
});

test('a lock with our own process id that we do not hold is a namesake of before', () => {
  const path = join(folder, 'namesake');
  lockDataFolder(path)();
  writeFileSync(join(path, 'lock'), String(process.pid));
  lockDataFolder(path)();
});

test('what is remembered is for its owner only', () => {
  expect(readRemembered(folder, 'x.json')).toBeUndefined();
  remember(folder, 'x.json', { key: 'sk_1' });
  expect(readRemembered(folder, 'x.json')).toEqual({ key: 'sk_1' });
  expect(statSync(join(folder, 'x.json')).mode & 0o777).toBe(0o600);
});
