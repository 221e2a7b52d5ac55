import { noStats } from '../../functions/subjects/stats/hour-stats.js';
import { HOUR_MS, type HourRecord, hourOf } from '../../functions/subjects/stats/stats-ports.js';
import { aRunOf, NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

const HOUR = hourOf(NOW);

export function statsStoreContract(stores: () => Stores): void {
  const aRecord = (change: Partial<HourRecord> = {}): HourRecord => ({
    hour: HOUR,
    version: 1,
    stats: { ...noStats(), latency: { 3: 7 } },
    factor: 1,
    ...change,
  });

  test('an hour is put in place of the version before alone, once', async () => {
    const { stats } = stores();
    const { id } = freshProject();
    expect(await stats.newest(id)).toBeUndefined();
    expect(await stats.put(id, aRecord({ version: 2 }))).toBe(false);
    const begun = aRecord({ position: { part: 'retried', after: 'att_1' } });
    expect(await stats.put(id, begun)).toBe(true);
    expect(await stats.put(id, aRecord())).toBe(false);
    expect(await stats.put(id, aRecord({ version: 3 }))).toBe(false);
    expect(await stats.newest(id)).toEqual(begun);
    const put = await atOnce(4, (n) => stats.put(id, aRecord({ version: 2, factor: n })));
    expect(put.filter(Boolean)).toHaveLength(1);
    expect(await stats.newest(id)).toEqual(aRecord({ version: 2, factor: put.indexOf(true) }));
  });

  test('the newest is the last hour of its project, and a range ends before its end', async () => {
    const { stats } = stores();
    const { id } = freshProject();
    const hours = [HOUR - HOUR_MS, HOUR, HOUR - 2 * HOUR_MS];
    for (const hour of hours) await stats.put(id, aRecord({ hour }));
    await stats.put(freshProject().id, aRecord({ hour: HOUR + HOUR_MS }));
    expect((await stats.newest(id))?.hour).toBe(HOUR);
    const range = await stats.between(id, HOUR - 2 * HOUR_MS, HOUR);
    expect(range.map(({ hour }) => hour)).toEqual([HOUR - 2 * HOUR_MS, HOUR - HOUR_MS]);
    expect(await stats.between(freshProject().id, 0, HOUR)).toEqual([]);
  });

  test('lists of runs come one after another, each as it was put last, for their hour and project alone', async () => {
    const { stats } = stores();
    const project = freshProject();
    const ids = Array.from({ length: 40 }, () => aRunOf(project).id);
    const first = { name: '2026#000001#000000', since: 5, ids };
    const second = { name: '2026#000001#001000', since: 6, ids: ids.slice(0, 2) };
    await stats.carry(project.id, HOUR, second);
    await stats.carry(project.id, HOUR, { ...first, ids: [] });
    await stats.carry(project.id, HOUR, first);
    await stats.carry(project.id, HOUR + HOUR_MS, { ...first, since: 7 });
    await stats.carry(freshProject().id, HOUR, { ...first, name: '2026#000001#000500' });
    expect(await stats.carried(project.id, HOUR, undefined)).toEqual(first);
    expect(await stats.carried(project.id, HOUR, first.name)).toEqual(second);
    expect(await stats.carried(project.id, HOUR, second.name)).toBeUndefined();
    expect(await stats.carried(freshProject().id, HOUR, undefined)).toBeUndefined();
  });
}
