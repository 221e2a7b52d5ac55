import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { endingProcess } from '../support/started-process.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

test('it says how it is called, and refuses what it does not know', async () => {
  const [help, wrong] = await Promise.all([endingProcess(['--help']), endingProcess(['--data='])]);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/^Usage: npm start -- \[options\]\n.*--port <number>.*--data <folder>.*--json.*--chaos/s);
  const sentence = "Option '--data <folder>' argument '' is invalid: it must name a folder";
  expect(wrong).toEqual({ code: 2, stdout: '', stderr: `${sentence}; npm start -- --help lists the options.\n` });
});

test('a folder and a port that cannot be used are told in one sentence', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const said = await Promise.all([
    endingProcess(['--port', '0', '--data', file]),
    endingProcess(['--port', String(port), '--data', join(folder, 'data')]),
  ]).finally(() => taken.close());
  expect(said).toEqual([
    { code: 1, stdout: '', stderr: `${file} cannot be used: not a directory (ENOTDIR)\n` },
    { code: 1, stdout: '', stderr: `port ${port} is taken: choose another with --port\n` },
  ]);
});
