import type { Place } from '../../functions/protocol/limits/project-shares.js';
import { NOW } from '../support/pipeline-world.js';
import { freshProject, type Stores } from './stores.js';

export function placeStoreContract(stores: () => Stores): void {
  const placeOf = (project: string, change: Partial<Place> = {}): Place => ({
    project,
    lane: 'fast',
    holder: 'env_1',
    weight: 2,
    until: NOW + 10_000,
    ...change,
  });

  test('the places of a project in a lane add up, those of other projects and lanes do not', async () => {
    const { places } = stores();
    const [project, other] = [freshProject().id, freshProject().id];
    expect(await places.taken({ project, lane: 'fast' }, NOW)).toBe(0);
    await places.take(placeOf(project));
    await places.take(placeOf(project, { holder: 'env_2', weight: 1.5 }));
    await places.take(placeOf(project, { lane: 'slow', weight: 5 }));
    await places.take(placeOf(other, { weight: 7 }));
    expect(await places.taken({ project, lane: 'fast' }, NOW)).toBe(3.5);
    expect(await places.taken({ project, lane: 'slow' }, NOW)).toBe(5);
    expect(await places.taken({ project: other, lane: 'fast' }, NOW)).toBe(7);
  });

  test('an environment takes one place of a project: its last note counts, until it leaves or the note is over', async () => {
    const { places } = stores();
    const project = freshProject().id;
    const of = { project, lane: 'fast' } as const;
    await places.take(placeOf(project));
    await places.take(placeOf(project, { weight: 1, until: NOW + 20_000 }));
    await places.take(placeOf(project, { holder: 'env_2', weight: 4 }));
    expect(await places.taken(of, NOW)).toBe(5);
    expect(await places.taken(of, NOW + 10_000)).toBe(1);
    await places.leave({ ...of, holder: 'env_1' });
    await places.leave({ ...of, holder: 'env_1' });
    await places.leave({ ...of, lane: 'slow', holder: 'env_2' });
    expect(await places.taken(of, NOW)).toBe(4);
  });

  test('a project is over its share until the last moment that was noted, in that lane alone', async () => {
    const { places } = stores();
    const [project, other] = [freshProject().id, freshProject().id];
    await places.markOver({ project, lane: 'slow' }, NOW + 2_000);
    await places.markOver({ project, lane: 'slow' }, NOW + 5_000);
    await places.markOver({ project, lane: 'slow' }, NOW + 5_000);
    await places.markOver({ project: other, lane: 'slow' }, NOW + 3_000);
    const over = async (now: number) => {
      const found = await places.over('slow', now);
      return [found.get(project), found.get(other)];
    };
    expect(await over(NOW)).toEqual([NOW + 5_000, NOW + 3_000]);
    expect(await over(NOW + 3_000)).toEqual([NOW + 5_000, undefined]);
    expect(await over(NOW + 5_000)).toEqual([undefined, undefined]);
    expect((await places.over('fast', NOW)).get(project)).toBeUndefined();
  });
}
