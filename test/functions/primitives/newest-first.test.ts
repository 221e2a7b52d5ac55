import { firstId, makeId } from '../../../functions/primitives/ids.js';
import {
  backTo,
  mergeNewest,
  rowsOnly,
  type Step,
  takePage,
  type Walk,
  withoutRepeats,
} from '../../../functions/primitives/newest-first.js';

/** The id of moment `at`; ids of the same moment are equal. */
const id = (at: number) => makeId('run', at, Buffer.alloc(8));
const step = (at: number, row?: string): Step<string> => ({ id: id(at), row });

async function* walkOf(...steps: readonly Step<string>[]): Walk<string> {
  yield* steps;
}

async function all(walk: Walk<string>): Promise<Step<string>[]> {
  const steps: Step<string>[] = [];
  for await (const one of walk) steps.push(one);
  return steps;
}

test('a page is full at its limit, and the next page begins before its last id', async () => {
  const walk = walkOf(step(5, 'e'), step(4), step(3, 'c'), step(2, 'b'));
  expect(await takePage(walk, 2)).toEqual({ rows: ['e', 'c'], end: id(3) });
});

test('the last page has no end', async () => {
  expect(await takePage(walkOf(step(2), step(1, 'a')), 2)).toEqual({ rows: ['a'] });
});

test('a page ends after 2,000 ids without a row, and no sooner', async () => {
  const strangers = Array.from({ length: 2_001 }, (_, index) => step(9_000 - index));
  expect(await takePage(walkOf(...strangers), 1)).toEqual({ rows: [], end: id(9_000 - 1_999) });
  expect(await takePage(walkOf(...strangers.slice(0, 1_999), step(1, 'a')), 2)).toEqual({ rows: ['a'], end: id(1) });
});

test('walks are merged, newest first; of equal ids the first walk comes first', async () => {
  const merged = mergeNewest([
    walkOf(step(6, 'f'), step(3, 'first')),
    walkOf(),
    walkOf(step(5, 'e'), step(3), step(1)),
  ]);
  expect(await all(merged)).toEqual([step(6, 'f'), step(5, 'e'), step(3, 'first'), step(3), step(1)]);
});

test('of steps with the same id the first is kept', async () => {
  expect(await all(withoutRepeats(walkOf(step(3, 'c'), step(3), step(2), step(2, 'b'))))).toEqual([
    step(3, 'c'),
    step(2),
  ]);
});

test('a walk back to a moment has the ids of that moment, and reads no further', async () => {
  const steps = [step(3), step(2), step(1)];
  const walk = walkOf(...steps, step(0));
  expect(await all(backTo(walk, 2))).toEqual(steps.slice(0, 2));
  expect(await walk.next()).toMatchObject({ done: true });
});

test('what a filter refuses stays a step without a row', async () => {
  const belongs = jest.fn((row: string) => row !== 'b');
  expect(await all(rowsOnly(walkOf(step(3, 'c'), step(2, 'b'), step(1)), belongs))).toEqual([
    step(3, 'c'),
    step(2),
    step(1),
  ]);
  expect(belongs).toHaveBeenCalledTimes(2);
});

test('the first id of a moment is after all ids of earlier moments', () => {
  expect(firstId('run', 2) > makeId('run', 1, Buffer.alloc(8, 0xff), 0xfff)).toBe(true);
  expect(firstId('run', 2) <= id(2)).toBe(true);
});
