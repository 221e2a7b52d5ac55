import { mapBounded } from '../../functions/primitives/map-bounded.js';
import type { PersistentClient } from '../chaos/persistent-client.js';
import { isFinal } from '../chaos/shown.js';

// biome-ignore lint/suspicious/noExplicitAny: objects as the API shows them.
type Shown = any;

/** Requests under way at the same time. */
const AT_ONCE = 4;

interface List {
  readonly path: string;
  /** Fields that may change by themselves between two looks at this row. */
  readonly moving?: (row: Shown) => readonly string[];
  /** Whether a single object shows more than its row. */
  readonly single?: boolean;
}

/** A dead run's fields may change, too: by a bulk replay. */
const OF_A_RUN = ['status', 'attempt_count', 'max_attempts', 'next_attempt_at', 'finished_at', 'attempts'];

const LISTS: readonly List[] = [
  { path: '/v1/endpoints', moving: () => ['failing_since', 'updated_at'], single: true },
  { path: '/v1/retry-policies', single: true },
  {
    path: '/v1/schedules',
    moving: ({ status }) => [
      'upcoming',
      'last_run',
      ...(status === 'active' ? ['status', 'next_run_at', 'runs', 'updated_at'] : []),
    ],
    single: true,
  },
  { path: '/v1/tasks', moving: (run) => (isFinal(run) && run.status !== 'dead_letter' ? [] : OF_A_RUN), single: true },
  { path: '/v1/deliveries' },
  {
    path: '/v1/dead-letters',
    moving: ({ status }) => (status === 'open' ? ['status'] : []),
    single: true,
  },
  { path: '/v1/events', moving: () => ['status', 'task_counts', 'tasks', 'tasks_cursor'], single: true },
];

/** What a release shows of a project: each row, and each object, by its path. */
export type Snapshot = ReadonlyMap<string, { readonly row: Shown; readonly moving: ReadonlySet<string> }>;

export async function snapshotOf(client: PersistentClient): Promise<Snapshot> {
  const snapshot = new Map<string, { row: Shown; moving: ReadonlySet<string> }>();
  for (const { path, moving = () => [], single } of LISTS)
    await mapBounded(await client.all<Shown>(path), AT_ONCE, async (row) => {
      const own = { moving: new Set(moving(row)) };
      snapshot.set(`${path} ${row.id}`, { row, ...own });
      const object = `${path}/${row.id}`;
      if (single) snapshot.set(object, { row: await client.must('GET', object), ...own });
    });
  return snapshot;
}

/** What the second release does not show, or shows otherwise. A field that one of the two does not know is left out. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  return [...before].flatMap(([path, { row, moving }]) => {
    const other = after.get(path);
    if (other === undefined) return [`${path} is not shown any more`];
    return differing(row, other.row)
      .filter((field) => !moving.has(field.split('.')[0]!))
      .map((field) => `${path} shows another ${field}`);
  });
}

/** Paths of the fields that both have, with another value. */
function differing(one: Shown, other: Shown): string[] {
  if (one === other) return [];
  const areObjects = [one, other].every((value) => typeof value === 'object' && value !== null);
  if (!areObjects || Array.isArray(one) !== Array.isArray(other)) return [''];
  if (Array.isArray(one) && one.length !== other.length) return ['length'];
  return Object.keys(one)
    .filter((name) => name in other)
    .flatMap((name) => differing(one[name], other[name]).map((rest) => (rest ? `${name}.${rest}` : name)));
}
