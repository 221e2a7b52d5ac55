import { settingsFor } from '../../../../lib/config.js';
import { units } from '../../../../local/bench/costs/units.js';
import { arrivalsOf, type Crowd, follow } from '../../../../local/bench/crowds/crowd.js';
import { quantile } from '../../../../local/bench/crowds/simulate.js';
import type { Load } from '../../../../local/bench/plan/load.js';

/** A batch of ten takes the deliverer half a second, and the dispatcher a second. */
const single: Load = { scenario: 'single', atTen: units(), atOne: units(), delivererSeconds: 0.5, apiSeconds: 0 };
const cron: Load = { ...single, scenario: 'cron', atTen: units({ gbSeconds: 0.1 }), delivererSeconds: 3 };
const prod = settingsFor('prod');

const lateness = (crowd: Crowd) => {
  const outcome = follow(crowd, prod, { single, cron });
  return [0.5, 0.99, 1].map((share) => Number(quantile(outcome, share).toFixed(2)));
};

test('as prod ships, five batches are held for the moment, and fifty more runs follow each half second', () => {
  // They come one by one within a second, so each of the five batches has one.
  expect(lateness({ runs: 5, of: 'tasks' })).toEqual([0, 0, 0]);
  expect(lateness({ runs: 6, of: 'tasks' })).toEqual([0, 0.5, 0.5]);
  expect(lateness({ runs: 50, of: 'tasks' })).toEqual([0.5, 0.5, 0.5]);
  // Of a thousand, the first batches have up to ten each: twenty times fifty follow.
  expect(lateness({ runs: 1_000, of: 'tasks' })).toEqual([5, 9.5, 10]);
});

test('pollers are ready: ten of them take a thousand before the moment, and the partition calls five hundred a second', () => {
  const fastLanePollers = { minimum: 10, maximum: 10 };
  const shards = { runs: 2_000, of: 'tasks', fastLanePollers, warmWrites: 40_000 } as const;
  // Ten pollers receive 100 times a second: a thousand messages.
  expect(lateness({ ...shards, shards: 40 })[2]).toBeCloseTo(1, 0);
  expect(lateness({ ...shards, shards: 1 })[2]).toBeGreaterThan(2);
});

test('without returns, a lever never makes a crowd later', () => {
  const atOnce = { comesBackAfter: () => 0 };
  const pollers = (minimum: number) => ({ minimum, maximum: 100 });
  const levers: readonly Partial<Crowd>[][] = [
    [{}, { evenly: true }],
    [{}, { fastLanePollers: pollers(10) }, { fastLanePollers: pollers(50) }, { fastLanePollers: pollers(100) }],
    [{}, { shards: 2 }, { shards: 4 }, { shards: 40 }],
    [{ shards: 40 }, { shards: 40, warmWrites: 8_000 }, { shards: 40, warmWrites: 40_000 }],
    [{}, { projects: 2 }, { projects: 40 }],
    [{}, { schedulerInvocations: 10_000 }],
    [{}, { wakeUpPollers: pollers(10) }, { wakeUpPollers: pollers(100) }],
    [{}, { jitterSeconds: 60 }, { jitterSeconds: 600 }],
  ];
  for (const kind of ['tasks', 'schedules'] as const)
    for (const runs of [100, 1_000, 20_000])
      for (const base of [{}, { fastLanePollers: pollers(50), wakeUpPollers: pollers(50), shards: 8 }])
        for (const [index, row] of levers.entries()) {
          if (kind === 'tasks' && index >= levers.length - 2) continue; // of schedules alone
          const late = row.map((lever) => lateness({ runs, of: kind, ...atOnce, ...base, ...lever }));
          for (const [more, figures] of late.entries()) {
            if (more === 0 || isOverridden(base, row[more]!)) continue;
            const found = { kind, runs, lever: row[more], late: figures };
            // A step of the model may fall on either side.
            const bounds = late[more - 1]!.map((before) => before + 0.1);
            expect({ ...found, later: figures.some((figure, at) => figure > bounds[at]!) }).toEqual({
              ...found,
              later: false,
            });
          }
        }
});

/** Whether the lever is less than what the base has of it. */
function isOverridden(base: Partial<Crowd>, lever: Partial<Crowd>): boolean {
  return Object.keys(lever).some((name) => name in base);
}

test('with returns, shards still make no crowd later', () => {
  for (const runs of [1_000, 20_000, 100_000]) {
    const lasts = [1, 2, 4].map((shards) => lateness({ runs, of: 'tasks', shards })[2]!);
    expect(lasts).toEqual([...lasts].sort((one, other) => other - one));
  }
});

test('with returns, more pollers than the partition takes make the last runs later', () => {
  const last = (minimum: number) =>
    lateness({ runs: 10_000, of: 'tasks', fastLanePollers: { minimum, maximum: 100 } })[2]!;
  expect(last(50)).toBeGreaterThan(last(10));
});

test('shards do not help schedules beyond their clocks, projects do', () => {
  const ready = { minimum: 100, maximum: 100 };
  const crowd = { runs: 20_000, of: 'schedules', fastLanePollers: ready, wakeUpPollers: ready } as const;
  const last = (more: Partial<Crowd>) => lateness({ ...crowd, comesBackAfter: () => 0, ...more })[2]!;
  // A fire and a lock each: 40,000 writes of clocks, at 1,000 a second.
  expect(last({ shards: 4 })).toBeGreaterThan(30);
  expect(last({ shards: 4 })).toBeCloseTo(last({ shards: 3 }), 0);
  expect(last({ projects: 4 })).toBeLessThan(last({ shards: 4 }) / 2);
});

test('all runs of a crowd arrive, each once; jitter spreads what is due, not the fires', () => {
  for (const runs of [1, 999, 123_456]) {
    const arrivals = arrivalsOf({ runs, of: 'schedules', jitterSeconds: 60 });
    expect(arrivals.reduce((sum, { count }) => sum + count, 0)).toBe(runs);
    for (const { at, due } of arrivals) {
      expect(at).toBeGreaterThanOrEqual(-5);
      expect(at).toBeLessThanOrEqual(-4);
      expect(due).toBeGreaterThanOrEqual(0);
      expect(due).toBeLessThan(60);
    }
  }
});

test('the Scheduler sends 720,000 before the moment, and a thousand a second after it', () => {
  const ats = (runs: number, schedulerInvocations?: number) =>
    arrivalsOf({ runs, of: 'tasks', ...(schedulerInvocations && { schedulerInvocations }) }).map(({ at }) => at);
  expect(Math.max(...ats(720_000))).toBeLessThan(-1);
  // It begins 810 seconds before the moment; the last of 2,000 groups is half a second of sending.
  expect(Math.max(...ats(1_000_000))).toBeCloseTo(1_000 - 810 - 0.5);
  expect(Math.max(...ats(1_000_000, 2_000))).toBeLessThan(-1);
});
