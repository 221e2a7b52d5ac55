import { randomBytes } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { firstId, hexOf, makeId, timeOf } from '../../../functions/primitives/ids.js';
import type { Page } from '../../../functions/primitives/newest-first.js';
import { runKey } from '../../../functions/storage/keys.js';
import { runOfEvent } from '../../../functions/subjects/events/event-runs.js';
import type { Project } from '../../../functions/subjects/projects/project.js';
import {
  type Attempt,
  pendingState,
  type RunDefinition,
  type RunState,
} from '../../../functions/subjects/task-runs/task-run.js';
import { aListener, anEvent } from '../../support/event-stories.js';
import {
  anAttempt,
  aRunOf,
  aState,
  DAY,
  NOW,
  type PipelineWorld,
  type Run,
  startPipelineWorld,
} from '../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

type Read<Row> = (before: string | undefined, limit: number) => Promise<Page<Row>>;

/** Walks all pages as a client with a cursor does. */
async function idsOf<Row extends { id: string }>(read: Read<Row>, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | undefined; ; ) {
    const { rows, end } = await read(before, limit);
    ids.push(...rows.map(({ id }) => id));
    if (end === undefined) return ids;
    before = end;
  }
}

const newestFirst = (ids: string[]): string[] => [...ids].sort((a, b) => (a.slice(-32) < b.slice(-32) ? 1 : -1));

describe('task runs', () => {
  let project: Project;
  let other: Project;
  let billing: string;
  let runs: Run[];

  beforeAll(async () => {
    project = world.addProject(4);
    other = world.addProject(2);
    billing = world.addEndpoint(project).id;
    const statuses = ['success', 'dead_letter', 'cancelled', 'retry_scheduled', 'running', 'pending'] as const;
    runs = Array.from({ length: 360 }, (_, index) => {
      const owner = index % 5 === 0 ? other : project;
      const destination = index % 4 === 0 ? { endpoint_id: billing } : {};
      const definition = aRunOf(owner, destination, index);
      const status = statuses[index % statuses.length]!;
      return status === 'pending'
        ? { definition }
        : { definition, state: aState(definition, { status, attempt: 1 + (index % 4 === 0 ? 0 : 1) }) };
    });
    await world.store(runs);
  });

  const idsWhere = (passes: (run: Run) => boolean) => newestFirst(runs.filter(passes).map((run) => run.definition.id));
  const statusOf = (run: Run) => run.state?.status ?? 'pending';
  const list = (projects: Project[], filter: object, limit: number) =>
    idsOf((before, count) => world.ports.runLists.runs(projects, filter, before, count), limit);

  it('finds those that were made between two moments, both included', async () => {
    const moments = runs.map(({ definition }) => timeOf(definition.id)).sort((a, b) => a - b);
    const [since, until] = [moments[90]!, moments[210]!];
    const inside = ({ definition: { id } }: Run) => timeOf(id) >= since && timeOf(id) <= until;
    expect(await list([project, other], { since, until }, 30)).toEqual(idsWhere(inside));
    const ofBilling = (run: Run) => inside(run) && run.definition.endpoint_id === billing;
    expect(await list([project, other], { since, until, endpoint_id: billing }, 7)).toEqual(idsWhere(ofBilling));
    expect(await list([project, other], { since: until + 86_400_000 }, 100)).toEqual([]);
  });

  it('walks all shards of all projects exactly once, newest first', async () => {
    expect(await list([project, other], {}, 23)).toEqual(idsWhere(() => true));
  });

  it('shows no run of another project', async () => {
    expect(await list([project], {}, 30)).toEqual(idsWhere((run) => run.definition.project_id === project.id));
  });

  it.each(['success', 'dead_letter', 'cancelled', 'retry_scheduled', 'running', 'pending'])(
    'filters by status %s',
    async (status) => {
      expect(await list([project, other], { status }, 9)).toEqual(idsWhere((run) => statusOf(run) === status));
    },
  );

  it('filters by endpoint, alone and with a status', async () => {
    // The other project's runs name the endpoint too, which no request of this project may see.
    const own = (run: Run) => run.definition.endpoint_id === billing && run.definition.project_id === project.id;
    expect(await list([project], { endpoint_id: billing }, 9)).toEqual(idsWhere(own));
    const filter = { endpoint_id: billing, status: 'dead_letter' };
    expect(await list([project], filter, 9)).toEqual(idsWhere((run) => own(run) && statusOf(run) === 'dead_letter'));
  });

  it('takes any sibling as the cursor', async () => {
    const [first, second] = idsWhere(() => true);
    const before = first!.replace('run', 'rj');
    expect((await world.ports.runLists.runs([project, other], {}, before, 1)).rows[0]?.id).toBe(second);
  });
});

describe('runs that events have made', () => {
  let project: Project;
  let other: Project;
  const made: { readonly run: RunDefinition; readonly state?: RunState }[] = [];
  const endpoints = Array.from({ length: 7 }, (_, n) => aListener(n).id);

  beforeAll(async () => {
    project = world.addProject(2);
    other = world.addProject();
    // Some at the same moment, in both shards, and of both kinds; before, between and after runs of other sources.
    for (let n = 0; n < 40; n += 1) {
      const owner = n % 8 === 7 ? other : project;
      const at = NOW - Math.floor(n / 5) * 10;
      const id = makeId(n % 6 === 5 ? 'ntf' : 'evt', at, randomBytes(8), n % owner.shards);
      const event = { ...anEvent(), id, project_id: owner.id, created_at: at, expires_at: NOW + 30 * DAY };
      const runs = endpoints.map(
        (endpoint_id) => ({ endpoint_id, lane: 'fast', max_attempts: 6, expires_at: NOW + DAY }) as const,
      );
      const page = { after: '', runs };
      await world.ports.events.create(event);
      await world.ports.events.putPage(event, page);
      for (const [position, planned] of runs.entries()) {
        const run = runOfEvent({ event, payloadApart: false }, planned, event.payload);
        const status = (['success', undefined, 'cancelled'] as const)[(n + position) % 3];
        const state = status && aState(run, { status });
        if (state) await world.ports.runs.begin({ project: owner.id, run: run.id }, state);
        await world.ports.runs.create(run);
        made.push({ run, ...(state && { state }) });
      }
      const plain = aRunOf(owner, {}, Math.floor(n / 5) * 10 + (n % 3) - 1);
      await world.ports.runs.create(plain);
      made.push({ run: plain });
    }
  });

  const idsWhere = (passes: (one: (typeof made)[number]) => boolean) =>
    newestFirst(made.filter(passes).map(({ run }) => run.id));
  const list = (projects: Project[], filter: object, limit: number) =>
    idsOf((before, count) => world.ports.runLists.runs(projects, filter, before, count), limit);

  it.each([3, 40, 500])('are listed with all others, once, begun or not, %i at a time', async (limit) => {
    expect(await list([project, other], {}, limit)).toEqual(idsWhere(() => true));
    expect(await list([other], {}, limit)).toEqual(idsWhere(({ run }) => run.project_id === other.id));
  });

  it('show what became of them', async () => {
    const { rows } = await world.ports.runLists.runs([project, other], {}, undefined, 1_000);
    const shown = new Map(rows.map(({ id, state }) => [id, state.status]));
    for (const { run, state } of made) expect(shown.get(run.id)).toBe(state?.status ?? 'pending');
    for (const { definition } of rows)
      expect(definition).toMatchObject({ id: expect.any(String), due: expect.any(Number) });
  });

  it('are found by event, by status and by time', async () => {
    const { source } = made[0]!.run;
    expect(await list([project, other], { event_id: source.id }, 3)).toEqual(
      idsWhere(({ run }) => run.source.id === source.id),
    );
    for (const status of ['success', 'pending', 'cancelled'])
      expect(await list([project, other], { status }, 9)).toEqual(
        idsWhere(({ state }) => (state?.status ?? 'pending') === status),
      );
    const [since, until] = [NOW - 40, NOW - 20];
    const inside = ({ run: { id } }: (typeof made)[number]) => timeOf(id) >= since && timeOf(id) <= until;
    expect(await list([project, other], { since, until }, 9)).toEqual(idsWhere(inside));
  });

  it('do not come back as pending once they have expired, though their event is kept for longer', async () => {
    const { source } = made[0]!.run;
    world.time.now = NOW + 2 * DAY;
    expect(await list([project, other], { event_id: source.id }, 10)).toEqual([]);
    world.time.now = NOW;
  });

  it.each([1, 5, 500])('are in the list of their endpoint, begun or not, %i at a time', async (limit) => {
    const endpoint_id = endpoints[2];
    const own = ({ run }: (typeof made)[number]) => run.endpoint_id === endpoint_id;
    expect(await list([project, other], { endpoint_id }, limit)).toEqual(idsWhere(own));
    expect(await list([project, other], { endpoint_id, status: 'pending' }, 5)).toEqual(
      idsWhere((one) => own(one) && one.state === undefined),
    );
  });
});

describe('bounds and expiry', () => {
  it('ends a page after 2,000 rows looked at, and goes on from there', async () => {
    const project = world.addProject();
    const runs = Array.from({ length: 2_050 }, (_, index) => ({ definition: aRunOf(project, {}, index) }));
    const last = runs.at(-1)!;
    await world.store([...runs.slice(0, -1), { ...last, state: aState(last.definition, { status: 'success' }) }]);
    const read: Read<{ id: string }> = (before, limit) =>
      world.ports.runLists.runs([project], { status: 'success' }, before, limit);
    const first = await read(undefined, 20);
    expect(first).toEqual({ rows: [], end: runs[1_999]!.definition.id });
    const second = await read(first.end, 20);
    expect(second.rows.map(({ id }) => id)).toEqual([last.definition.id]);
    expect(second.end).toBeUndefined();
  });

  it('leaves out what has expired, although it is still in the table', async () => {
    const project = world.addProject();
    const live = aRunOf(project);
    const gone = aRunOf(project, { expires_at: NOW - 1_000 });
    const lingering = aState(gone, { status: 'dead_letter', expires_at: NOW + DAY });
    await world.store([{ definition: live }, { definition: gone, state: lingering }]);
    expect((await world.ports.runLists.runs([project], {}, undefined, 10)).rows.map(({ id }) => id)).toEqual([live.id]);
    const dead = await world.ports.runLists.runs([project], { status: 'dead_letter' }, undefined, 10);
    expect(dead.rows).toEqual([]);
  });

  it('does not give one run the state of another whose definition is gone', async () => {
    const project = world.addProject();
    const older = aRunOf(project, {}, 10);
    const gone = aRunOf(project, {}, 5);
    await world.store([{ definition: older }, { definition: gone, state: aState(gone, { status: 'running' }) }]);
    await world.client.send(new DeleteCommand({ TableName: 'runs', Key: runKey(project.id, gone.id) }));
    const { rows } = await world.ports.runLists.runs([project], {}, undefined, 10);
    expect(rows.map(({ id, state }) => [id, state.status])).toEqual([[older.id, 'pending']]);
  });

  it('does not read payloads that lie apart', async () => {
    const project = world.addProject();
    const noise = Array.from({ length: 3_000 }, () => Math.random().toString(36)).join('');
    await world.store([{ definition: aRunOf(project, { payload: { format: 'text', body: noise } }) }]);
    const { rows } = await world.ports.runLists.runs([project], {}, undefined, 10);
    expect(rows[0]?.definition.payload).toBeUndefined();
  });

  it('answers nothing for no projects', async () => {
    expect(await world.ports.runLists.runs([], {}, undefined, 10)).toEqual({ rows: [] });
  });
});

describe('delivery attempts', () => {
  let project: Project;
  let other: Project;
  let billing: string;
  let recorded: string[];
  let runs: Run[];

  beforeAll(async () => {
    project = world.addProject(3);
    other = world.addProject();
    billing = world.addEndpoint(project).id;
    runs = Array.from({ length: 300 }, (_, index) => {
      const definition = aRunOf(
        index % 6 === 0 ? other : project,
        index % 2 ? { endpoint_id: billing } : {},
        index * 100,
      );
      if (index % 3 === 0) return { definition };
      const later = index % 3 === 1 ? [] : [2, 3].map((attempt) => anAttempt(definition, attempt));
      const lost = anAttempt(definition, 2, { status: 'success' });
      const state = aState(definition, {
        status: 'retry_scheduled',
        first_attempt: anAttempt(definition, 1, index % 4 === 0 ? { status: 'timed_out', http_status: null } : {}),
        later_attempts: later.map(({ id }) => id),
      });
      return { definition, state, later: [...later, lost] };
    });
    await world.store(runs);
    recorded = newestFirst(runs.flatMap(attemptIds));
  });

  const attemptIds = ({ state }: Run) => (state ? [state.first_attempt!.id, ...state.later_attempts] : []);
  const list = (projects: Project[], filter: object, limit: number) =>
    idsOf((before, count) => world.ports.runLists.attempts(projects, filter, before, count), limit);

  it('merges first and later attempts, and leaves out those that were never recorded', async () => {
    expect(await list([project, other], {}, 40)).toEqual(recorded);
    expect(recorded.length).toBeGreaterThan(300);
  });

  it('filters by endpoint within the project', async () => {
    const own = runs.filter(
      (run) => run.definition.endpoint_id === billing && run.definition.project_id === project.id,
    );
    expect(await list([project], { endpoint_id: billing }, 33)).toEqual(newestFirst(own.flatMap(attemptIds)));
  });

  it('filters by status', async () => {
    const first = runs.flatMap(({ state }) =>
      state?.first_attempt?.status === 'timed_out' ? state.first_attempt.id : [],
    );
    expect(await list([project, other], { status: 'timed_out' }, 9)).toEqual(newestFirst(first));
    expect(await list([project, other], { status: 'success' }, 9)).toEqual([]);
  });

  it('lists and pages the attempts of one run', async () => {
    const run = runs.find(
      ({ state, definition }) => state?.later_attempts.length && definition.project_id === project.id,
    )!;
    const expected = newestFirst(attemptIds(run));
    expect(await list([project, other], { task_id: run.definition.id }, 2)).toEqual(expected);
    expect(await list([other], { task_id: run.definition.id }, 2)).toEqual([]);
  });

  it('finds a single one, first or later, if it was recorded', async () => {
    const { definition, state, later } = runs.find((run) => run.later?.length === 3)!;
    const find = (id: string) => world.ports.runLists.attempt(definition.project_id, id);
    expect((await find(state!.first_attempt!.id))?.attempt).toBe(1);
    expect((await find(later![1]!.id))?.attempt).toBe(3);
    expect(await find(later![2]!.id)).toBeUndefined();
    const foreign = definition.project_id === project.id ? other : project;
    expect(await world.ports.runLists.attempt(foreign.id, later![1]!.id)).toBeUndefined();
  });
});

describe('changes', () => {
  let project: Project;
  let runs: Run[];
  let attempts: Attempt[];
  const since = NOW - 10_000;

  beforeAll(async () => {
    project = world.addProject(3);
    const other = world.addProject();
    runs = Array.from({ length: 40 }, (_, n) => {
      const definition = aRunOf(n % 8 === 0 ? other : project, {}, 9_900 - n * 200);
      return n % 3 === 0 ? { definition } : { definition, state: aState(definition, { version: n }) };
    });
    await world.store(runs);
    attempts = runs.slice(0, 10).map(({ definition }) => anAttempt(definition, 2));
    for (const attempt of attempts) await world.ports.runs.putAttempt(attempt, NOW + DAY);
  });

  const own = ({ project_id }: { readonly project_id: string }) => project_id === project.id;
  const ownRuns = () => runs.filter(({ definition }) => own(definition));
  const byTime = (ids: string[]) => ids.sort((a, b) => (hexOf(a) < hexOf(b) ? -1 : 1));

  it('are runs and later attempts of all shards, oldest first, page after page', async () => {
    const ids = byTime([
      ...ownRuns().map(({ definition }) => definition.id),
      ...attempts.filter(own).map(({ id }) => id),
    ]);
    for (const limit of [1, 7, 100]) {
      const found: string[] = [];
      for (let after: string | undefined = firstId('run', since); after !== undefined; ) {
        const page: Page<{ readonly id: string }> = await world.ports.runLists.changes(
          project,
          after,
          NOW,
          () => true,
          limit,
        );
        found.push(...page.rows.map(({ id }) => id));
        after = page.end;
      }
      expect(found).toEqual(ids);
    }
  });

  it('have the state of each run, and leave out what is known, and what is to come', async () => {
    const [first, second, ...rest] = ownRuns();
    const isNew = (id: string) => id !== first!.definition.id;
    const until = timeOf(rest[0]!.definition.id) - 1;
    const { rows, end } = await world.ports.runLists.changes(project, firstId('run', since), until, isNew, 100);
    const expected = {
      ...second!,
      id: second!.definition.id,
      state: second!.state ?? pendingState(second!.definition),
    };
    expect([rows.filter((row) => 'definition' in row), end]).toEqual([[expected], undefined]);
    expect((await world.ports.runLists.changes(project, firstId('run', NOW), since, isNew, 9)).rows).toEqual([]);
  });

  it('can be seen by the versions of states', async () => {
    const ids = runs.map(({ definition }) => definition.id);
    const begun = ownRuns().filter(({ state }) => state);
    const versions = await world.ports.runLists.versions(project.id, ids);
    expect(versions).toEqual(new Map(begun.map(({ definition, state }) => [definition.id, state!.version])));
  });
});
