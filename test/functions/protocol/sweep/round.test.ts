import { sweep } from '../../../../functions/protocol/sweep/round.js';
import { SweptFleet } from '../../../support/swept-fleet.js';

const MINUTE = 60_000;
/** Of the function's five minutes, what is left for a round; see `functions/reconciler/handler.ts`. */
const ROUND_MS = 3 * MINUTE;

/** The looks at a project join without a gap, and none is done twice. */
function expectOnceEach({ looks, projects }: SweptFleet): void {
  expect(looks.size).toBe(projects.length);
  for (const spans of looks.values())
    for (const [n, { from }] of spans.slice(1).entries()) expect(from).toBe(spans[n]!.until);
}

/** `SWEEP_PROJECTS=10000` takes half a minute: ten thousand projects, and a million schedules. */
const PROJECTS = Number(process.env['SWEEP_PROJECTS'] ?? 1_000);
const SCHEDULES = 100 * PROJECTS;

const A_FEW = { projects: 1_000, schedulesPerProject: 5, oneLostOf: 5, latencyMs: 5 };

test('ten thousand projects with a million schedules fit into a round, fewer into their share of it', async () => {
  const fleet = new SweptFleet({ projects: PROJECTS, schedulesPerProject: 100, oneLostOf: 100, latencyMs: 5 });
  const first = await fleet.invoke(ROUND_MS);
  const firstCalls = fleet.calls;
  fleet.time.now += 15 * MINUTE - first.tookMs;
  const second = await fleet.invoke(ROUND_MS);
  const perProject = (calls: number) => (calls / fleet.projects.length).toFixed(1);
  console.log(
    `${PROJECTS} projects, ${SCHEDULES} schedules, 5 ms a call: ${first.tookMs} ms with ${fleet.lost()} lost wake-ups ` +
      `(${perProject(firstCalls)} calls per project), ${second.tookMs} ms with none ` +
      `(${perProject(fleet.calls - firstCalls)}), at most ${fleet.most} calls at a time`,
  );
  expect([first.isOver, second.isOver]).toEqual([true, true]);
  expect(first.tookMs).toBeLessThan((ROUND_MS * PROJECTS) / 10_000);
  expectOnceEach(fleet);
  expect([...fleet.rearmed.values()]).toEqual(Array(fleet.lost()).fill(1));
}, 60_000);

test('so do as many schedules of one project', async () => {
  const fleet = new SweptFleet({
    projects: 1,
    schedulesPerProject: SCHEDULES,
    oneLostOf: SCHEDULES / 1_000,
    latencyMs: 5,
  });
  const { isOver, tookMs } = await fleet.invoke(ROUND_MS);
  console.log(`1 project, ${SCHEDULES} schedules, 1,000 lost wake-ups: ${tookMs} ms, ${fleet.calls} calls`);
  expect(isOver).toBe(true);
  expect([...fleet.rearmed.values()]).toEqual(Array(1_000).fill(1));
});

test('what does not fit goes on in the next invocation, and every project has its turn once', async () => {
  const fleet = new SweptFleet({ projects: 2_000, schedulesPerProject: 100, oneLostOf: 100, latencyMs: 400 });
  const isOver: boolean[] = [];
  for (let invocations = 0; invocations < 3; invocations++) {
    const begun = fleet.time.now;
    isOver.push((await fleet.invoke(ROUND_MS)).isOver);
    expect(fleet.time.now - begun).toBeLessThan(ROUND_MS + 10_000);
    fleet.time.now = begun + 15 * MINUTE;
  }
  // The rest of a round, and a part of the one for the time since.
  expect([isOver[0], fleet.swept()]).toEqual([false, 1]);
  expectOnceEach(fleet);
  expect([...fleet.rearmed.values()]).toEqual(Array(fleet.lost()).fill(1));
  console.log(`2,000 projects at 400 ms a call: ${fleet.swept()} rounds in ${isOver.length} invocations`);
}, 60_000);

test('a round that is over in time is followed by one for the time since', async () => {
  const fleet = new SweptFleet(A_FEW);
  expect(await fleet.invoke(1_000)).toMatchObject({ isOver: false });
  fleet.time.now += 15 * MINUTE;
  expect(await fleet.invoke(ROUND_MS)).toMatchObject({ isOver: true });
  const { made } = fleet.round!.until;
  expect(made).toBeGreaterThan(fleet.time.now - 11 * MINUTE);
  for (const spans of fleet.looks.values()) expect(spans.at(-1)!.until).toBe(made);
  expectOnceEach(fleet);
});

test('a project that cannot be looked at is made up for, and keeps no other from its turn', async () => {
  const fleet = new SweptFleet(A_FEW);
  const bad = fleet.projects[10]!.id;
  const looked = new Set<string>();
  fleet.onLook = (project) => {
    if (project === bad) throw new Error('out of order');
    looked.add(project);
  };
  for (let round = 0; round < 3; round++) {
    expect(await fleet.invoke(ROUND_MS)).toMatchObject({ isOver: true });
    fleet.time.now += 15 * MINUTE;
  }
  expect(looked.size).toBe(fleet.projects.length - 1);
  expect(fleet.failures).toEqual(Array(3).fill({ project: bad }));
  expect(Object.keys(fleet.round!.behind)).toEqual([bad]);
  fleet.onLook = () => {};
  await fleet.invoke(ROUND_MS);
  expect(fleet.round!.behind).toEqual({});
  expect(fleet.looks.get(bad)![0]!.from).toBe(fleet.looks.get(fleet.projects[0]!.id)![0]!.from);
  expectOnceEach(fleet);
});

test('when hardly any can be looked at, the round stops where it is', async () => {
  const fleet = new SweptFleet({ ...A_FEW, projects: 3_000 });
  fleet.onLook = () => {
    throw new Error('the table is gone');
  };
  await expect(fleet.invoke(ROUND_MS)).rejects.toThrow('projects could not be looked at');
  fleet.onLook = () => {};
  fleet.time.now += 15 * MINUTE;
  expect(await fleet.invoke(ROUND_MS)).toMatchObject({ isOver: true });
  expectOnceEach(fleet);
});

test('of two rounds at a time one gives up', async () => {
  const fleet = new SweptFleet(A_FEW);
  const round = () => sweep(fleet.ports, fleet.time.now, () => false);
  const [one, other] = await fleet.time.pass(Promise.all([round(), round()]));
  expect([one, other].sort()).toEqual([false, true]);
});

test('a deleted project is not looked at, and what was stored of it is forgotten', async () => {
  const fleet = new SweptFleet(A_FEW);
  const [bad, gone] = [fleet.projects[10]!, fleet.projects[20]!];
  fleet.onLook = (project) => {
    if (project === bad.id || project === gone.id) throw new Error('out of order');
  };
  await fleet.invoke(ROUND_MS);
  expect(Object.keys(fleet.round!.behind)).toHaveLength(2);
  fleet.projects[20] = { ...gone, deleted_at: fleet.time.now };
  const { failures } = fleet;
  failures.length = 0;
  fleet.time.now += 15 * MINUTE;
  expect(await fleet.invoke(ROUND_MS)).toMatchObject({ isOver: true });
  expect(failures).toEqual([{ project: bad.id }]);
  expect(Object.keys(fleet.round!.behind)).toEqual([bad.id]);
});
