import { createHash } from 'node:crypto';
import { firstId, hexOf, makeId, siblingId } from '../../../../functions/primitives/ids.js';
import { type FeedPlace, LATE_MS, lookAtFeed } from '../../../../functions/subjects/feed/feed.js';
import { cursorOf, placeOf } from '../../../../functions/subjects/feed/feed-cursor.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { Attempt, RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { pendingState } from '../../../../functions/subjects/task-runs/task-run.js';
import type { ListedRun, RunLists } from '../../../../functions/subjects/task-runs/task-run-lists.js';
import { anAttempt, aRunOf } from '../../../support/pipeline-world.js';

const START = 1_800_000_000_000;
const project = { id: makeId('proj', START, Buffer.alloc(8)), shards: 3 } as Project;

/** Numbers that the seed decides. */
function random(seed: number) {
  let drawn = 0;
  const next = () => createHash('sha256').update(`${seed} ${drawn++}`).digest();
  return {
    bytes: () => next().subarray(0, 8),
    below: (most: number) => next().readUInt32BE(0) % most,
    chance: (percent: number) => next().readUInt32BE(0) % 100 < percent,
  };
}

interface Row<Value> {
  readonly value: Value;
  readonly visibleAt: number;
}

/** What is stored: each row becomes visible some time after the moment of its id. */
class Table {
  now = START;
  readonly runs: Row<ListedRun['definition']>[] = [];
  readonly states = new Map<string, Row<RunState>[]>();
  readonly attempts: Row<Attempt>[] = [];

  readonly reads: Pick<RunLists, 'byIds' | 'changes' | 'versions'> = {
    changes: async (_project, after, until, isNew, limit) => {
      const inside = (id: string) => hexOf(id) > hexOf(after) && hexOf(id) < hexOf(firstId('run', until + 1));
      const rows = [...this.seen(this.runs).map((run) => this.listed(run)), ...this.seen(this.attempts)]
        .filter(({ id }) => inside(id) && isNew(id))
        .sort((a, b) => (hexOf(a.id) < hexOf(b.id) ? -1 : 1));
      const page = rows.slice(0, limit);
      return page.length < limit ? { rows: page } : { rows: page, end: page.at(-1)!.id };
    },
    versions: async (_project, ids) =>
      new Map(ids.flatMap((id) => (this.state(id) ? [[id, this.state(id)!.version] as const] : []))),
    byIds: async (_project, ids) =>
      this.seen(this.runs)
        .filter(({ id }) => ids.includes(id))
        .map((run) => this.listed(run)),
  };

  private seen<Value>(rows: readonly Row<Value>[]): Value[] {
    return rows.filter(({ visibleAt }) => visibleAt <= this.now).map(({ value }) => value);
  }

  private state(id: string): RunState | undefined {
    return this.seen(this.states.get(id) ?? []).at(-1);
  }

  private listed(definition: ListedRun['definition']): ListedRun {
    return { id: definition.id, definition, state: this.state(definition.id) ?? pendingState(definition) };
  }
}

/** A run with all that becomes of it: claims, attempts, and an end. */
function live(table: Table, at: number, { bytes, below, chance }: ReturnType<typeof random>, mostLateMs: number): void {
  const late = () => (chance(80) ? below(100) : below(mostLateMs));
  const run = aRunOf(project, { id: makeId('run', at, bytes(), below(project.shards)), due: at, created_at: at });
  const visibleAt = at + late();
  table.runs.push({ value: run, visibleAt });
  if (chance(10)) return;
  const states: Row<RunState>[] = [];
  let state = pendingState(run);
  let time = visibleAt + below(3_000);
  const write = (change: Partial<RunState>) => {
    const { last_attempt: _last, ...kept } = state;
    state = { ...kept, ...change, version: state.version + 1 };
    states.push({ value: state, visibleAt: time });
  };
  const attempts = 1 + below(3);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    write({ status: 'running', attempt });
    const id = attempt === 1 ? siblingId('att', run.id) : makeId('att', time, bytes(), below(project.shards));
    time += below(5_000);
    const made = anAttempt(run, attempt, { id });
    const status = attempt < attempts ? 'retry_scheduled' : chance(50) ? 'success' : 'dead_letter';
    if (attempt === 1) write({ status, first_attempt: made });
    else {
      write({ status, later_attempts: [...state.later_attempts, id], last_attempt: made });
      table.attempts.push({ value: made, visibleAt: time + below(500) });
    }
    time += below(20_000);
  }
  table.states.set(run.id, states);
}

interface Told {
  readonly runs: string[];
  readonly attempts: string[];
}

/** Follows the feed until `until`, with looks at random moments, each from the cursor of the look before. */
async function follow(table: Table, until: number, numbers: ReturnType<typeof random>, begin = START): Promise<Told> {
  const told: Told = { runs: [], attempts: [] };
  let cursor = cursorOf({ after: firstId('run', begin), known: new Map() });
  for (let more = true; table.now < until || more; ) {
    if (!more) table.now += numbers.below(4_000);
    const place = placeOf(cursor) as FeedPlace;
    const look = await lookAtFeed(table.reads, project, place, table.now, 10, () => true);
    for (const { run, isChanged, attempts } of look.changes) {
      if (isChanged) told.runs.push(`${run.id} ${run.state.version}`);
      told.attempts.push(...attempts.map(({ id }) => id));
    }
    cursor = cursorOf(look.place);
    expect(cursor.length).toBeLessThan(6_000);
    more = look.more;
  }
  return told;
}

const lastVersions = (table: Table): string[] =>
  table.runs.map(({ value: { id } }) => `${id} ${table.states.get(id)?.at(-1)?.value.version ?? 0}`);
const recorded = (table: Table): string[] =>
  table.runs.flatMap(({ value: { id } }) => {
    const state = table.states.get(id)?.at(-1)?.value;
    return [...(state?.first_attempt ? [state.first_attempt.id] : []), ...(state?.later_attempts ?? [])];
  });

test.each([1, 2, 3, 4, 5])(
  'no change is lost or told twice, however late rows become visible (seed %i)',
  async (seed) => {
    const numbers = random(seed);
    const table = new Table();
    for (let n = 0; n < 50; n += 1) live(table, START + 1 + numbers.below(120_000), numbers, LATE_MS - 4_000);
    const told = await follow(table, START + 400_000, numbers);
    expect(new Set(told.runs).size).toBe(told.runs.length);
    expect(told.runs).toEqual(expect.arrayContaining(lastVersions(table)));
    expect(told.attempts.sort()).toEqual(recorded(table).sort());
  },
);

test.each([11, 12])(
  'a feed that is read afterwards tells each run once, as it is now, and each attempt (seed %i)',
  async (seed) => {
    const numbers = random(seed);
    const table = new Table();
    for (let n = 0; n < 200; n += 1) live(table, START + 1 + numbers.below(120_000), numbers, 1_000);
    table.now = START + 3_600_000;
    const told = await follow(table, table.now, numbers);
    expect(told.runs.sort()).toEqual(lastVersions(table).sort());
    expect(told.attempts.sort()).toEqual(recorded(table).sort());
  },
);

test('more than can be remembered comes forward all the same', async () => {
  const numbers = random(21);
  const table = new Table();
  for (let n = 0; n < 400; n += 1) live(table, START + 1 + numbers.below(8_000), numbers, 100);
  const told = await follow(table, START + 60_000, numbers);
  expect(new Set(told.runs.map((line) => line.split(' ')[0])).size).toBe(400);
  // A run that is followed no more is found again by its next attempt.
  expect(told.runs.length - new Set(told.runs).size).toBeLessThan(10);
  expect(new Set(told.attempts).size).toBe(told.attempts.length);
});

test('runs that do not fit are neither told nor followed', async () => {
  const numbers = random(31);
  const table = new Table();
  for (let n = 0; n < 5; n += 1) live(table, START + n, numbers, 10);
  table.now = START + 1_000;
  const place = { after: firstId('run', START - 1), known: new Map() };
  const look = await lookAtFeed(table.reads, project, place, table.now, 10, () => false);
  expect(look.changes).toEqual([]);
  expect([...look.place.known.values()].some(({ isOpen }) => isOpen)).toBe(false);
});

test.each(['', 'x', '!', Buffer.from('{}').toString('base64url'), 'a'.repeat(9_000)])(
  'what is no cursor names no place (%#)',
  (text) => {
    expect(placeOf(text)).toBeUndefined();
  },
);
