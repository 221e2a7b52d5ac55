import { type Arrival, quantile, type Stage, simulate, type World } from '../../../../local/bench/crowds/simulate.js';

/** Five batches of ten at a time, a second each, and writes without end. */
const stage: Stage = {
  batches: () => 5,
  receives: () => Infinity,
  batchSize: 10,
  batchSeconds: 1,
  writes: {},
};
const world = (own: Partial<Stage> = {}, more: Partial<World> = {}): World => ({
  stepSeconds: 0.1,
  budgets: {},
  stages: [{ ...stage, ...own }],
  patience: 0,
  comesBackAfter: () => 0,
  ...more,
});
const crowd = (count: number, more: Partial<Arrival> = {}): Arrival[] => [
  { at: 0, due: 0, refusals: 0, count, ...more },
];
const lateness = (of: World, arrivals: readonly Arrival[]) => {
  const outcome = simulate(of, arrivals);
  return [0.5, 0.99, 1].map((share) => Number(quantile(outcome, share).toFixed(2)));
};

test('fifty at a time for a second: the twentieth fifty of a thousand begins after nineteen seconds', () => {
  expect(lateness(world(), crowd(1_000))).toEqual([9, 19, 19]);
});

test('concurrency that grows is used from the moment at which it is there, counted from the first message', () => {
  const grows = world({ batches: (seconds) => (seconds < 3 ? 5 : 100) });
  expect(lateness(grows, crowd(1_000))).toEqual([3, 3, 3]);
  expect(lateness(grows, crowd(1_000, { at: 60, due: 60 }))).toEqual([3, 3, 3]);
});

test('receives bound the batches that begin in a second', () => {
  const few = world({ batches: () => 100, receives: () => 10 });
  expect(lateness(few, crowd(1_000))).toEqual([4.9, 9.8, 9.9]);
});

test('a budget that is full allows a second of writes at once, and then so many a second', () => {
  const ofPartition = { batches: () => 1_000, writes: { runs: 2 } };
  const bound = world(ofPartition, { budgets: { runs: 1_000 } });
  // Five hundred at once, five hundred in the second that follows.
  expect(lateness(bound, crowd(1_000))).toEqual([0, 1, 1]);
  expect(lateness(bound, crowd(10_000))).toEqual([9, 18.8, 19]);
});

test('a message needs all its budgets, and the scarcest binds', () => {
  const two = world(
    { batches: () => 1_000, writes: { runs: 2, clocks: 1 } },
    { budgets: { runs: 1_000, clocks: 100 } },
  );
  expect(lateness(two, crowd(1_000))).toEqual([4, 8.9, 9]);
});

test('a message whose write is refused comes back after the second half of its delay, which grows', () => {
  const asked: number[] = [];
  const comesBackAfter = (refusals: number) => {
    asked.push(refusals);
    return 10 * refusals;
  };
  const bound = world({ batches: () => 1_000, writes: { runs: 1 } }, { budgets: { runs: 1 }, comesBackAfter });
  const outcome = simulate(bound, crowd(2));
  expect(asked).toEqual([1]);
  expect(outcome.refusals).toBe(1);
  expect(outcome.calls.map(({ count }) => count)).toEqual([1, 1]);
  expect(outcome.calls[0]!.late).toBe(0);
  expect(outcome.calls[1]!.late).toBeGreaterThanOrEqual(5);
  expect(outcome.calls[1]!.late).toBeLessThanOrEqual(10);
});

test('within its patience a message waits for its write, and does not come back', () => {
  const bound = world({ batches: () => 1_000, writes: { runs: 1 } }, { budgets: { runs: 10 }, patience: 1 });
  expect(simulate(bound, crowd(20))).toMatchObject({ refusals: 0 });
  expect(simulate(bound, crowd(40)).refusals).toBeGreaterThan(0);
});

test('a message that comes early is held until it is due, and its batch with it', () => {
  const holds = world({ asksAhead: 0.5 });
  expect(lateness(holds, crowd(50, { at: -2 }))).toEqual([0, 0, 0]);
  expect(lateness(holds, crowd(100, { at: -2 }))).toEqual([0, 1, 1]);
});

test('what a stage has done arrives at the next, when that stage says', () => {
  const first: Stage = { ...stage, passesOn: (now) => now + 5 };
  expect(lateness({ ...world(), stages: [first, stage] }, crowd(50))).toEqual([5, 5, 5]);
  expect(lateness({ ...world(), stages: [first, stage] }, crowd(100))).toEqual([5, 6, 6]);
});

test('no message is lost or called twice', () => {
  const bound = world({ writes: { runs: 2 } }, { budgets: { runs: 77 }, patience: 0.3, comesBackAfter: (n) => n });
  const { calls } = simulate(bound, [...crowd(333), ...crowd(222, { at: 3, due: 7 })]);
  expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(555);
});

test('a crowd that is never called ends the simulation', () => {
  expect(() => simulate(world({ batches: () => 0 }), crowd(1))).toThrow('not called within a day');
});
