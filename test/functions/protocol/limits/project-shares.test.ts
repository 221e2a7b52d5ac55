import { projectShares, type ShareRoom } from '../../../../functions/protocol/limits/project-shares.js';
import { MemoryPlaces } from '../../../support/memory-places.js';

const OF = { project: 'proj_1', lane: 'slow' } as const;
const LIMIT = 10;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

interface Call {
  readonly ms: number;
  readonly startsIn?: number;
  /** How long its message has waited. */
  readonly waited?: number;
  readonly project?: string;
}

/** An execution environment of the slow lane's deliverer. */
function environment(places: MemoryPlaces, change: Partial<ShareRoom> = {}) {
  const errors: unknown[] = [];
  const shares = projectShares({
    places,
    limits: { fast: 2 * LIMIT, slow: LIMIT },
    hasOthers: async () => true,
    holder: `env_${Math.random()}`,
    clock: { now: Date.now },
    random: () => 0,
    onError: (error) => void errors.push(error),
    ...change,
  });
  const call = ({ ms, startsIn = 0, waited = 1_001, project = OF.project }: Call) => {
    const now = Date.now();
    const span = { startsAt: now + startsIn, waitsSince: now - waited, endsAt: now + 300_000 };
    return shares.occupying({ ...OF, project }, span, () => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  };
  return { ...shares, call, errors };
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const isOver = (places: MemoryPlaces) => environment(places).isOver(OF);

test('a short call notes nothing, nor does a wait for its moment', async () => {
  const places = new MemoryPlaces();
  const { call } = environment(places);
  const calls = [call({ ms: 2_400, startsIn: 2_000 }), call({ ms: 1_400 })];
  await pass(2_400);
  await Promise.all(calls);
  expect(places.notes).toEqual([]);
});

test('a long call is a place, which counts twice, until it ends; two calls of an invocation are one place', async () => {
  const places = new MemoryPlaces();
  const { call } = environment(places);
  const calls = [call({ ms: 10_000 }), call({ ms: 20_000 }), call({ ms: 1_000, project: 'proj_2' })];
  await pass(1_499);
  expect(places.notes).toEqual([]);
  await pass(1);
  expect(places.notes).toMatchObject([{ ...OF, weight: 2, until: Date.now() - 1_500 + 300_000 }]);
  await pass(17_000);
  expect(places.notes).toHaveLength(1);
  await pass(2_000);
  await Promise.all(calls);
  expect(places.notes).toEqual([]);
});

test('as many long calls as half of its share mean that the project is over its share, for a minute after the last', async () => {
  const places = new MemoryPlaces();
  for (let n = 0; n < LIMIT / 2 - 1; n++) void environment(places).call({ ms: 50_000 });
  await pass(10_000);
  expect(await isOver(places)).toBe(false);
  void environment(places).call({ ms: 30_000 });
  await pass(1_500);
  expect(await isOver(places)).toBe(true);
  expect(await environment(places).isOver({ ...OF, lane: 'fast' })).toBe(false);
  expect(await environment(places).isOver({ ...OF, project: 'proj_2' })).toBe(false);
  // The other calls end before; this one lasts, and the project is over its share no more.
  await pass(59_000);
  expect(await isOver(places)).toBe(true);
  await pass(31_000);
  expect(await isOver(places)).toBe(false);
});

test('calls that last keep their project over its share, until it has a minute without', async () => {
  const places = new MemoryPlaces();
  for (let n = 0; n < LIMIT / 2; n++) void environment(places).call({ ms: 290_000 });
  for (let waited = 5_000; waited < 290_000; waited += 5_000) {
    await pass(5_000);
    expect([waited, await isOver(places)]).toEqual([waited, true]);
  }
  await pass(70_000);
  expect([places.notes, await isOver(places)]).toEqual([[], false]);
});

test('a project without others takes the whole lane', async () => {
  const places = new MemoryPlaces();
  const alone = { hasOthers: async () => false };
  for (let n = 0; n < LIMIT; n++) void environment(places, alone).call({ ms: 50_000 });
  await pass(10_000);
  expect(places.notes).toHaveLength(LIMIT);
  expect(await isOver(places)).toBe(false);
});

test('an environment that works for a project half of the time is a place, too, also with short calls', async () => {
  const places = new MemoryPlaces();
  const busy = async (share: number, times: number) => {
    const { call } = environment(places);
    for (let n = 0; n < times; n++) {
      await call({ ms: 1_000 * share });
      await new Promise((resolve) => setTimeout(resolve, 1_000 * (1 - share)));
    }
  };
  const idle = busy(0.4, 60);
  await pass(60_000);
  await idle;
  expect(places.notes).toEqual([]);
  const others = Array.from({ length: LIMIT }, () => busy(0.6, 20));
  await pass(20_000);
  await Promise.all(others);
  expect(places.notes.map(({ weight }) => weight)).toEqual(new Array(LIMIT).fill(1));
  expect(await isOver(places)).toBe(true);
});

test('without a line nothing is noted of calls of up to half a minute', async () => {
  const places = new MemoryPlaces();
  const { call } = environment(places);
  const long = [call({ ms: 29_000, waited: 1_000 }), environment(places).call({ ms: 300_000, waited: 0 })];
  const next = async () => {
    await call({ ms: 100, project: 'proj_2' });
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    for (let n = 0; n < 20; n++) await call({ ms: 1_400, waited: 0, project: 'proj_2' });
  };
  const short = next();
  await pass(29_999);
  expect(places.notes).toEqual([]);
  await pass(1);
  expect(places.notes).toMatchObject([OF]);
  await pass(270_000);
  await Promise.all([...long, short]);
  expect(places.notes).toEqual([]);
});

test('in a lane that is large enough a few calls are noted without a line, too', async () => {
  const places = new MemoryPlaces();
  const { call } = environment(places, { limits: { fast: 250, slow: 240 } });
  const long = call({ ms: 5_000, waited: 0 });
  await pass(1_500);
  expect(places.notes).toMatchObject([{ weight: 240 / 18 }]);
  await pass(3_500);
  await long;
  expect(places.notes).toEqual([]);
});

test('in a larger lane a part of the calls is noted, and each stands for more', async () => {
  const places = new MemoryPlaces();
  const limits = { fast: 100, slow: 100 };
  const drawn = [0.17, 0.18].map((random) => environment(places, { limits, random: () => random }).call({ ms: 5_000 }));
  await pass(2_000);
  expect(places.notes.map(({ weight }) => weight)).toEqual([2 / 0.18]);
  await pass(3_000);
  await Promise.all(drawn);
  expect(places.notes).toEqual([]);
});

test('without a limit nothing is noted, read or over', async () => {
  const places = new MemoryPlaces();
  await places.markOver(OF, Date.now() + 60_000);
  const { call, ...shares } = environment(places, { limits: { fast: 0, slow: 0 } });
  const long = call({ ms: 60_000 });
  await pass(50_000);
  expect(places.notes).toEqual([]);
  expect(await shares.isOver(OF)).toBe(false);
  await pass(10_000);
  await long;
});

test('who is over is read once a second, and a table that refuses fails no delivery', async () => {
  const places = new MemoryPlaces();
  const over = jest.spyOn(places, 'over');
  const { isOver: asked, call, errors } = environment(places);
  for (let n = 0; n < 10; n++) {
    await asked(OF);
    await pass(200);
  }
  expect(over).toHaveBeenCalledTimes(2);
  const refused = new Error('refused');
  over.mockRejectedValue(refused);
  jest.spyOn(places, 'take').mockRejectedValue(refused);
  await pass(1_000);
  expect(await asked(OF)).toBe(false);
  const long = call({ ms: 2_000 });
  await pass(2_000);
  await long;
  expect(errors).toEqual([refused, refused]);
});
