import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtFolder } from '../../lib/built-folder.js';

const NAME = 'of-a-test';
const FOLDER = join(__dirname, '../../build', NAME);
beforeEach(() => rmSync(FOLDER, { recursive: true, force: true }));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

let making = 0;
let made = 0;
async function make(folder: string): Promise<void> {
  expect(++making).toBe(1);
  await sleep(50);
  mkdirSync(folder);
  making--;
  made++;
}
const build = (how = make) => builtFolder(NAME, ['lib/built-folder.ts'], how);

test('what several ask for at once is built once, and left without a trace of the building', async () => {
  made = 0;
  const [folder, ...others] = await Promise.all([build(), build(), build()]);
  expect(others).toEqual([folder, folder]);
  expect(await build()).toBe(folder);
  expect(made).toBe(1);
  expect(readdirSync(FOLDER)).toEqual([basename(folder!)]);
});

test('a build that fails is tried again by the next one', async () => {
  await expect(build(() => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  expect(existsSync(await build())).toBe(true);
});

test('the lock of a process that died does not hold up a build', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const folder = await build();
  rmSync(folder, { recursive: true });
  writeFileSync(`${folder}.lock`, `${pid}`);
  expect(await build()).toBe(folder);
});
