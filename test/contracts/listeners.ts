import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import { NOW } from '../support/pipeline-world.js';
import { freshEndpoint, freshProject, type Stores } from './stores.js';

export function listenersContract(stores: () => Stores): void {
  test('listeners come ascending by id, each once, page after page, those of one project with one of the filters', async () => {
    const { listeners } = stores();
    const project = freshProject();
    const made = [7, 2, 5, 1, 6, 3, 4].map((n) =>
      freshEndpoint(project, {
        id: makeId('ep', NOW + n, randomBytes(8)),
        event_filters: n % 2 === 0 ? ['invoice.paid', 'invoice.*'] : ['invoice.*'],
      }),
    );
    const deaf = [freshEndpoint(project), freshEndpoint(project, { event_filters: ['order.*'] })];
    const others = freshEndpoint(freshProject(), { event_filters: ['invoice.*'] });
    for (const endpoint of [...made, ...deaf, others]) await stores().addEndpoint(endpoint);
    for (const limit of [1, 2, 100]) {
      const found: string[] = [];
      for (let after: string | undefined = ''; after !== undefined; ) {
        const page = await listeners.candidates(project.id, ['invoice.paid', 'invoice.*'], after, limit);
        expect(page.endpoints.length).toBeLessThanOrEqual(limit);
        found.push(...page.endpoints.map(({ id }) => id));
        after = page.end;
      }
      expect(found).toEqual(made.map(({ id }) => id).sort());
    }
    const { endpoints } = await listeners.candidates(project.id, ['order.*'], '', 10);
    expect(endpoints).toEqual([deaf[1]]);
  });

  test('that there may be any is said of projects that have some', async () => {
    const { listeners } = stores();
    const project = freshProject();
    await stores().addEndpoint(freshEndpoint(project, { event_filters: ['job.*'] }));
    expect(await listeners.mayBeAny(project.id, ['job.failed', 'job.*'])).toBe(true);
    expect(await listeners.mayBeAny(project.id, ['invoice.*'])).toBe(false);
    expect(await listeners.mayBeAny(freshProject().id, ['job.*'])).toBe(false);
  });
}
