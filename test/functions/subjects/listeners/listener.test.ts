import {
  endListener,
  keepListener,
  LISTENER_LEASE_MS,
  liveListeners,
  startListener,
} from '../../../../functions/subjects/listeners/listener.js';
import { MemoryRelays } from '../../../support/memory-relays.js';

const NOW = 1_800_000_000_000;
const { claims } = new MemoryRelays(async (_name, effect) => effect());
let project = 0;
const fresh = () => `proj_${project++}`;
const live = async (of: string, now: number) => (await liveListeners(claims, of, now)).map(({ id }) => id);

test('an endpoint has one listener at a time, until its lease is over or it is ended', async () => {
  const of = fresh();
  await startListener(claims, of, { id: 'lst_1', endpoint_ids: ['ep_1', 'ep_2'] }, NOW);
  await startListener(claims, of, { id: 'lst_2', endpoint_ids: ['ep_3'] }, NOW);
  const wanted = { id: 'lst_3', endpoint_ids: ['ep_4', 'ep_2'] };
  await expect(startListener(claims, of, wanted, NOW)).rejects.toThrow(
    'The listener lst_1 has ep_2, until 2027-01-15T08:01:00.000Z unless it asks again. End that listener first.',
  );
  await endListener(claims, of, 'lst_1');
  await startListener(claims, of, wanted, NOW);
  expect(await live(of, NOW)).toEqual(['lst_2', 'lst_3']);
  const over = NOW + LISTENER_LEASE_MS;
  expect(await live(of, over)).toEqual([]);
  await startListener(claims, of, { id: 'lst_4', endpoint_ids: ['ep_2', 'ep_3'] }, over);
  expect(await live(of, over)).toEqual(['lst_4']);
});

test('a repeated start is the same listener', async () => {
  const of = fresh();
  const wanted = { id: 'lst_1', endpoint_ids: ['ep_1'] };
  await startListener(claims, of, wanted, NOW);
  await startListener(claims, of, wanted, NOW + 1);
  expect(await live(of, NOW + 1)).toEqual(['lst_1']);
});

test('a listener that asks is kept, by few writes; one that has ended is not found', async () => {
  const of = fresh();
  const { until } = await startListener(claims, of, { id: 'lst_1', endpoint_ids: ['ep_1'] }, NOW);
  const half = LISTENER_LEASE_MS / 2;
  expect((await keepListener(claims, of, 'lst_1', NOW + half - 1)).until).toBe(until);
  expect((await keepListener(claims, of, 'lst_1', NOW + half)).until).toBe(until + half);
  expect(await live(of, until)).toEqual(['lst_1']);
  await expect(keepListener(claims, of, 'lst_1', until + half)).rejects.toThrow('There is no such listener any more.');
  await expect(keepListener(claims, of, 'lst_2', NOW)).rejects.toThrow('There is no such listener any more.');
});

test('a project has a few listeners at a time', async () => {
  const of = fresh();
  const start = (n: number, now = NOW) => startListener(claims, of, { id: `lst_${n}`, endpoint_ids: [`ep_${n}`] }, now);
  for (const n of [1, 2, 3, 4, 5]) await start(n);
  await expect(start(6)).rejects.toThrow('The project has 5 listeners already. End one first.');
  await start(6, NOW + LISTENER_LEASE_MS);
});
