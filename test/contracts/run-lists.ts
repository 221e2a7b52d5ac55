import type { Page } from '../../functions/primitives/newest-first.js';
import { runOfEvent } from '../../functions/subjects/events/event-runs.js';
import type { Attempt } from '../../functions/subjects/task-runs/task-run.js';
import { anEvent } from '../support/event-stories.js';
import { anAttempt, aRunOf, aState, DAY, NOW } from '../support/pipeline-world.js';
import { freshEndpoint, freshProject, type Stores } from './stores.js';

/** What the counting of hours relies on. */
export function runListsContract(stores: () => Stores): void {
  const keyOf = (run: ReturnType<typeof aRunOf>) => ({ project: run.project_id, run: run.id });

  /** All pages, the ids of each. */
  async function walk(list: (before: string | undefined) => Promise<Page<{ readonly id: string }>>): Promise<string[]> {
    const found: string[] = [];
    for (let before: string | undefined; ; ) {
      const { rows, end } = await list(before);
      found.push(...rows.map(({ id }) => id));
      if (end === undefined) return found;
      before = end;
    }
  }

  test('runs come newest first, page after page, each once, as far back as is asked for, those of the projects', async () => {
    const { runs, runLists, time } = stores();
    const [project, other] = [freshProject(2), freshProject()];
    const made = Array.from({ length: 7 }, (_, n) => aRunOf(project, { expires_at: NOW + 9 * DAY }, n * 1_000));
    const expiring = aRunOf(project, { expires_at: NOW + DAY }, 500);
    for (const run of [...made, expiring, aRunOf(other)]) await runs.create(run);
    const state = aState(made[2]!, { status: 'success' });
    await runs.begin(keyOf(made[2]!), state);
    const ids = made.map(({ id }) => id);
    const list = (since: number, limit: number) => walk((before) => runLists.runs([project], { since }, before, limit));
    for (const limit of [1, 3, 100])
      expect(await list(NOW - 5_000, limit)).toEqual([ids[0], expiring.id, ...ids.slice(1, 6)]);
    time.now = NOW + DAY;
    expect(await list(NOW - 9_000, 100)).toEqual(ids);
    const { rows } = await runLists.runs([project], {}, ids[1], 1);
    expect(rows).toEqual([{ id: ids[2], definition: made[2], state }]);
    expect(await walk((before) => runLists.runs([other, project], {}, before, 2))).toHaveLength(8);
  });

  test('runs of an event are among them: those that were made, not those that a page decided', async () => {
    const { events, runs, runLists } = stores();
    const project = freshProject();
    const event = anEvent({ project_id: project.id });
    await events.create(event);
    const planned = { lane: 'fast', max_attempts: 3, expires_at: NOW + 9 * DAY } as const;
    const page = { after: '', runs: [1, 2, 3].map(() => ({ ...planned, endpoint_id: freshEndpoint(project).id })) };
    await events.putPage(event, page);
    const made = page.runs.slice(1).map((run) => runOfEvent({ event, payloadApart: false }, run, event.payload));
    for (const run of made) await runs.create(run);
    const { rows } = await runLists.runs([project], {}, undefined, 100);
    expect(rows.map(({ id }) => id)).toEqual(
      made
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  });

  test('runs are found by their ids, those that there are', async () => {
    const { runs, runLists, time } = stores();
    const project = freshProject();
    const [first, second, missing] = [1, 2, 3].map((n) => aRunOf(project, { expires_at: NOW + n * DAY }));
    for (const run of [first!, second!]) await runs.create(run);
    const ids = [missing!.id, second!.id, first!.id];
    const found = async (id = project.id) => (await runLists.byIds(id, ids)).map((row) => row.id).sort();
    expect(await found()).toEqual([first!.id, second!.id].sort());
    expect(await found(freshProject().id)).toEqual([]);
    time.now = NOW + DAY;
    expect(await found()).toEqual([second!.id]);
  });

  test('attempts from the second on come newest first, page after page, those of the projects', async () => {
    const { runs, runLists, time } = stores();
    const [project, other] = [freshProject(), freshProject()];
    const run = aRunOf(project);
    const attempts = Array.from({ length: 5 }, (_, n) => anAttempt(run, n + 2));
    for (const attempt of attempts) await runs.putAttempt(attempt, NOW + DAY);
    await runs.putAttempt(anAttempt(aRunOf(other), 2), NOW + DAY);
    const list = (limit: number) => walk((before) => runLists.laterAttempts([project], before, limit));
    for (const limit of [1, 2, 100]) expect(await list(limit)).toEqual(attempts.map(({ id }: Attempt) => id).reverse());
    time.now = NOW + DAY;
    expect(await list(100)).toEqual([]);
  });
}
