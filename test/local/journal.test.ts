import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openJournal } from '../../local/journal.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
let files = 0;

const newFile = () => join(folder, `${++files}.journal`);

/** What a process killed now would leave. */
function leftBy(file: string): number[] {
  const copy = newFile();
  copyFileSync(file, copy);
  const { replayed, close } = openJournal<number>(copy);
  close();
  return [...replayed];
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Lets a rewrite go on to its end. */
async function rewritten(file: string): Promise<void> {
  while (existsSync(`${file}.next`)) await turn();
}

it('drops a line that a kill tore, and goes on behind the one before', () => {
  const file = newFile();
  openJournal<number>(file).append(1);
  appendFileSync(file, '{"half');
  openJournal<number>(file).append(2);
  expect(leftBy(file)).toEqual([1, 2]);
});

describe('a rewrite of a great many entries', () => {
  it('lets others have their turn, and keeps what they append', async () => {
    const file = newFile();
    const journal = openJournal<number>(file);
    journal.append(-1);
    journal.rewrite(numbers(5_000));
    let turns = 0;
    for (; existsSync(`${file}.next`); turns++) {
      journal.append(5_000 + turns);
      // The old journal stays whole until the new one takes its place.
      expect(leftBy(file)).toEqual([-1, ...numbers(5_001 + turns).slice(5_000)]);
      await turn();
    }
    journal.append(5_000 + turns);
    expect(turns).toBeGreaterThan(5);
    expect(leftBy(file)).toEqual(numbers(5_001 + turns));
    journal.close();
  });

  it('gives way to a newer one', async () => {
    const file = newFile();
    const journal = openJournal<number>(file);
    journal.rewrite(numbers(5_000));
    journal.append(1);
    await turn();
    journal.rewrite(numbers(2_000));
    journal.append(2_000);
    await rewritten(file);
    journal.append(2_001);
    await turn();
    expect(leftBy(file)).toEqual(numbers(2_002));
    journal.close();
  });

  it('is given up when the journal is closed, which then holds what it held', async () => {
    const file = newFile();
    const journal = openJournal<number>(file);
    journal.append(1);
    journal.rewrite(numbers(5_000));
    journal.append(2);
    journal.close();
    await turn();
    await turn();
    expect(leftBy(file)).toEqual([1, 2]);
  });
});

it('takes the place of the journal at once if there is little', () => {
  const file = newFile();
  const journal = openJournal<number>(file);
  for (const n of numbers(100)) journal.append(n);
  journal.rewrite([1]);
  expect(readFileSync(file, 'utf8')).toBe('1\n');
  journal.close();
});
