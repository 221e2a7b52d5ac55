import { aLetter, aRunOf, NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

export function deadLetterStoreContract(stores: () => Stores): void {
  const large = { format: 'text', body: 'x'.repeat(200_000) } as const;

  function letter(change: Parameters<typeof aLetter>[1] = {}) {
    const dead = aLetter(aRunOf(freshProject(), { endpoint_id: 'ep_1', payload: large }), change);
    const key = { project: dead.project_id, run: dead.run.id };
    return { dead, key, now: () => stores().deadLetters.find(key) };
  }

  describe('a dead letter', () => {
    test('is put if there is none, or only one of an older epoch', async () => {
      const { deadLetters } = stores();
      const { dead, now } = letter({ epoch: 1 });
      expect(await now()).toBeUndefined();
      await deadLetters.bury(dead);
      await deadLetters.bury({ ...dead, attempt: 9 });
      await deadLetters.bury({ ...dead, epoch: 0, attempt: 9 });
      expect(await now()).toEqual(dead);
      await deadLetters.bury({ ...dead, epoch: 2, attempt: 9 });
      expect(await now()).toEqual({ ...dead, epoch: 2, attempt: 9 });
    });

    test.each([
      ['replayed', { bulk_id: 'bulk_1' }],
      ['replayed', {}],
      ['resolved', { note: 'seen to' }],
    ] as const)('is %s once, with %p, and not buried again in that epoch', async (status, extra) => {
      const { deadLetters } = stores();
      const { dead, now } = letter();
      const { bulk_id, note } = extra as { bulk_id?: string; note?: string };
      const close = () =>
        note ? deadLetters.markResolved(dead, NOW + 5, note) : deadLetters.markReplayed(dead, NOW + 5, bulk_id);
      expect(await close()).toBe(false);
      expect(await now()).toBeUndefined();
      await deadLetters.bury(dead);
      const closed = await atOnce(4, close);
      expect(closed.filter(Boolean)).toHaveLength(1);
      expect(await now()).toEqual({ ...dead, status, updated_at: NOW + 5, ...extra });
      await deadLetters.bury(dead);
      expect((await now())!.status).toBe(status);
      expect(await deadLetters.markResolved(dead, NOW + 9, 'again')).toBe(false);
      expect(await deadLetters.markReplayed(dead, NOW + 9)).toBe(false);
    });

    test('of another epoch is not closed', async () => {
      const { deadLetters } = stores();
      const { dead, now } = letter({ epoch: 1 });
      await deadLetters.bury(dead);
      expect(await deadLetters.markReplayed({ ...dead, epoch: 0 }, NOW)).toBe(false);
      expect(await deadLetters.markResolved({ ...dead, epoch: 2 }, NOW, 'why')).toBe(false);
      expect(await now()).toEqual(dead);
    });

    test('is another project’s nothing, and out of its reach', async () => {
      const { deadLetters } = stores();
      const { dead, key, now } = letter();
      const other = { ...dead, project_id: freshProject().id };
      await deadLetters.bury(dead);
      expect(await deadLetters.find({ ...key, project: other.project_id })).toBeUndefined();
      expect(await deadLetters.markReplayed(other, NOW)).toBe(false);
      await deadLetters.bury({ ...other, epoch: 7 });
      expect(await now()).toEqual(dead);
    });
  });
}
