import type { ProbeToken } from '../../../functions/protocol/rules/token.js';
import type { LaterList, Round } from '../../../functions/protocol/sweep/sweep-ports.js';
import { createSweepStore, createWorkedOff } from '../../../functions/storage/sweep-store.js';
import { NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
let store: ReturnType<typeof createSweepStore>;
beforeAll(async () => {
  world = await startPipelineWorld();
  store = createSweepStore(world.client, 'runs');
});
afterAll(() => world.close());

const times = (at: number) => ({ fast: at, slow: at, 'wake-ups': at });
const position = (at: number) => ({ made: at, due: times(at), listed: times(at) });

test('a round is replaced only by the version after it', async () => {
  expect(await store.round()).toBeUndefined();
  const round: Round = {
    version: 1,
    isOver: false,
    from: position(1),
    until: position(2),
    after: 'proj_1',
    behind: {},
  };
  expect(await store.putRound(round)).toBe(true);
  expect(await store.putRound(round)).toBe(false);
  expect(await store.round()).toEqual(round);
  const { after: _after, ...over } = { ...round, version: 2, isOver: true, behind: { proj_2: position(0) } };
  expect(await store.putRound({ ...over, version: 3 })).toBe(false);
  expect(await store.putRound(over)).toBe(true);
  expect(await store.round()).toEqual(over);
});

test('lists come in the order of their moments, from behind a moment up to one, of their project and queue alone', async () => {
  const { id } = world.addProject();
  const list = (at: number, name: string, change: Partial<LaterList> = {}): LaterList => ({
    queue: 'fast',
    at,
    name,
    entries: [`run_${at} ${name}`],
    ...change,
  });
  const kept = [list(NOW, 'b'), list(NOW - 300_000, 'a#000001'), list(NOW + 300_000, 'a'), list(NOW, 'a')];
  for (const one of kept) await store.putLater(id, one);
  await store.putLater(id, list(NOW, 'a', { queue: 'slow' }));
  await store.putLater(world.addProject().id, list(NOW, 'c'));
  await store.putLater(id, list(NOW, 'b', { entries: ['replaced'] }));
  const between = async (from: number, until: number) => {
    const found: LaterList[] = [];
    for await (const one of store.later(id, 'fast', { from, until })) found.push(one);
    return found.map(({ at, name, entries }) => [at - NOW, name, ...entries]);
  };
  expect(await between(0, NOW)).toEqual([
    [-300_000, 'a#000001', `run_${NOW - 300_000} a#000001`],
    [0, 'a', `run_${NOW} a`],
    [0, 'b', 'replaced'],
  ]);
  expect((await between(NOW - 300_000, NOW)).map(([, name]) => name)).toEqual(['a', 'b']);
  expect((await between(NOW - 1, NOW)).map(([, name]) => name)).toEqual(['a', 'b']);
  expect(await between(NOW, NOW + 299_999)).toEqual([]);
});

test('a list of a thousand is one item of a few write units', async () => {
  const { id } = world.addProject();
  const entries = Array.from({ length: 1_000 }, (_, n) => world.addProject().id.replace('proj', 'run') + n);
  await store.putLater(id, { queue: 'slow', at: NOW, name: 'x', entries });
  for await (const list of store.later(id, 'slow', { from: 0, until: NOW })) expect(list.entries).toEqual(entries);
});

test('a queue is worked off as far as the latest probe that came through, and a group by itself', async () => {
  const clocks = createWorkedOff(world.client, 'runs');
  const probe = (sent_at: number, group?: string): ProbeToken => ({
    kind: 'probe',
    project: '',
    queue: 'fast',
    ...(group && { group }),
    sent_at,
    hop: 0,
  });
  expect(await clocks.workedOff({ queue: 'fast' })).toBe(0);
  for (const at of [5, 9, 7, 9]) await clocks.note(probe(at));
  await clocks.note(probe(11, 'ep_1'));
  expect(await clocks.workedOff({ queue: 'fast' })).toBe(9);
  expect(await clocks.workedOff({ queue: 'fast', group: 'ep_1' })).toBe(11);
  expect(await clocks.workedOff({ queue: 'fast', group: 'ep_2' })).toBe(0);
  expect(await clocks.workedOff({ queue: 'slow' })).toBe(0);
});
