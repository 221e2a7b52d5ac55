import type { DeadLetterFilter } from '../../functions/subjects/dead-letters/dead-letter.js';
import { aLetter, aRunOf, NOW } from '../support/pipeline-world.js';
import { atOnce, freshEndpoint, freshProject, type Stores } from './stores.js';

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

    test('is redacted once it is closed', async () => {
      const { deadLetters } = stores();
      const { dead, now } = letter();
      await deadLetters.bury(dead);
      const { payload: _payload, ...run } = dead.run;
      await deadLetters.redact({ ...dead, run });
      expect(await now()).toEqual(dead); // it is open
      await deadLetters.markResolved(dead, NOW + 5, 'seen to');
      const closed = (await now())!;
      await deadLetters.redact({ ...closed, run, epoch: 7 });
      expect(await now()).toEqual(closed);
      await deadLetters.redact({ ...closed, run });
      expect(await now()).toEqual({ ...closed, run });
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

  test('dead letters are listed newest run first, page after page, each once, by what is asked for', async () => {
    const { deadLetters, deadLetterLists } = stores();
    const [project, other] = [freshProject(2), freshProject()];
    const [first, second] = [freshEndpoint(project).id, freshEndpoint(project).id];
    const made = Array.from({ length: 8 }, (_, n) =>
      aLetter(aRunOf(project, { endpoint_id: n % 2 ? first : second }, n * 1_000), {
        // The newest run died first.
        created_at: NOW + n,
        reason: n % 4 ? 'attempts_exhausted' : 'blocked',
      }),
    );
    for (const dead of [...made, aLetter(aRunOf(other, { endpoint_id: first }))]) await deadLetters.bury(dead);
    await deadLetters.markResolved(made[3]!, NOW, 'seen to');
    const list = async (filter: DeadLetterFilter) => {
      const found: number[] = [];
      for (let before: string | undefined; ; ) {
        const { rows, end } = await deadLetterLists.list([project], filter, before, 3);
        found.push(...rows.map(({ id }) => made.findIndex((dead) => dead.id === id)));
        if (end === undefined) return found;
        before = end;
      }
    };
    expect(await list({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await list({ endpoint_id: first })).toEqual([1, 3, 5, 7]);
    expect(await list({ reason: 'blocked' })).toEqual([0, 4]);
    expect(await list({ status: 'open' })).toEqual([0, 1, 2, 4, 5, 6, 7]);
    expect(await list({ status: 'resolved', endpoint_id: first })).toEqual([3]);
    expect(await list({ since: NOW + 2, until: NOW + 4 })).toEqual([2, 3, 4]);
    expect(await list({ status: 'replayed' })).toEqual([]);
  });
}
