import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { assertRoom, FileFault, fileFault, usingFiles } from '../../local/files.js';
import { openJournal } from '../../local/journal.js';
import { temporaryFolder } from './temporary-folder.js';

jest.mock('node:fs', () => ({ ...jest.requireActual('node:fs'), statfsSync: jest.fn() }));
const free = (bytes: number, blocks = 1) =>
  jest.mocked(statfsSync).mockReturnValue({ blocks, bavail: bytes, bsize: 1 } as never);

const ROOT = join(__dirname, '../..');
const folder = temporaryFolder();

test('what the operating system refuses is a sentence; what is ours stays as it is', () => {
  free(1e9);
  const refused = (error: object) => fileFault('/data', error)?.message;
  expect(refused({ code: 'EROFS' })).toBe('/data cannot be used: read-only file system (EROFS)');
  expect(refused({ code: 28 })).toBe('/data cannot be used: no space left on device (ENOSPC)'); // LMDB's
  expect(refused({ code: 5 })).toBe('/data cannot be used: i/o error (EIO)');
  expect(refused({ code: 'ERR_OURS' })).toBeUndefined();
  expect(refused({ code: -30_784 })).toBeUndefined();
  const ours = new TypeError('ours');
  expect(() =>
    usingFiles('/data', () => {
      throw ours;
    }),
  ).toThrow(ours);
});

test('a disk that is next to full is told before LMDB, which would end the process', () => {
  const full = '/data cannot be used: no space left on device (ENOSPC)';
  free(500_000);
  expect(() => assertRoom('/data')).toThrow(full);
  expect(fileFault('/data', { code: 5 })?.message).toBe(full);
  free(2_000_000);
  assertRoom('/data');
  free(0, 0); // of no size, such as a network's
  assertRoom('/data');
});

/** As root nothing is forbidden. */
const testAsUser = process.getuid?.() === 0 ? test.skip : test;
testAsUser('a folder without rights is told in a sentence', () => {
  const path = join(folder, 'forbidden');
  mkdirSync(path, { mode: 0o500 });
  chmodSync(path, 0o500);
  expect(() => openJournal(join(path, 'a.journal'))).toThrow(/cannot be used: permission denied \(EACCES\)/);
});

test('a journal that cannot be written ends the process, and what it acknowledged is whole', async () => {
  const file = join(folder, 'limited.journal');
  // The limit of a file's size is met as a full disk is: a part of the last line is still written.
  const program = `
    const { command, runCommand } = require('./local/command.ts');
    const { openJournal } = require('./local/journal.ts');
    process.on('SIGXFSZ', () => {});
    const journal = openJournal(process.argv[1]);
    let acknowledged = 0;
    runCommand(command('npm run test', 'Fills a journal.').argument('[file]'), async () => {
      setInterval(() => {
        try {
          for (;;) {
            journal.append('x'.repeat(300));
            acknowledged += 1;
          }
        } catch {
          if (acknowledged !== undefined) console.log(acknowledged);
          acknowledged = undefined;
        }
      }, 1);
    });`;
  const args = ['-c', 'ulimit -f 16; exec "$@"', 'sh', process.execPath, '--import', 'tsx', '--eval', program, file];
  const [code, stdout, stderr] = await new Promise<[unknown, string, string]>((resolve) =>
    execFile('sh', args, { cwd: ROOT }, (error, out, err) => resolve([error?.code, out, err])),
  );
  expect([code, stderr]).toEqual([1, `${file} cannot be used: file too large (EFBIG)\n`]);
  const { replayed, close } = openJournal<string>(file);
  expect(replayed).toHaveLength(Number(stdout));
  expect(replayed.length).toBeGreaterThan(20);
  close();
});

test('a FileFault keeps what it was made of', () => {
  const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(fileFault('/data', cause)).toMatchObject({ name: 'FileFault', cause });
  expect(fileFault('/data', cause)).toBeInstanceOf(FileFault);
});
