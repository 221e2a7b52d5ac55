import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import type { ScheduleStore } from '../protocol/rules/ports.js';
import type { Schedule, ScheduleClock } from '../subjects/schedules/schedule.js';
import { batchGet } from './batch-get.js';
import { clockKey, configKey, type Key, valueIn } from './keys.js';
import { newestItems, type Partition } from './newest-items.js';
import { Table } from './table.js';

/** Attributes that a fire changes. The overlap lock has its own writer; only a user's change raises the generation. */
const MOVED = ['next_at', 'tok', 'runs', 'ahead', 'dropped', 'status'] as const;
/** Schedules that one Query reads. */
const LOOKED_INTO = 1_000;
const LOCK = ['lock_run', 'lock_claim'] as const;
const RENEWED = [...MOVED, 'gen'] as const;
/** Condition of a write. Every fire moves the position, every change raises the generation: neither was concurrent. */
const STANDS = ['gen', 'next_at'] as const;

export function createScheduleStore(
  client: DynamoDBDocumentClient,
  name: string,
  clock: Pick<Clock, 'sleep'>,
): ScheduleStore {
  const table = new Table(client, name);
  return {
    async find({ project, schedule }) {
      const keys = [configKey(project, schedule), clockKey(project, schedule)];
      const items = await batchGet<Key>({ client, table: name, clock }, keys);
      const [found, itsClock] = keys.map(({ sk }) => items.find((item) => item.sk === sk));
      return {
        ...(found && { schedule: valueIn<Schedule>(found) }),
        ...(itsClock && { clock: valueIn<ScheduleClock>(itsClock) }),
      };
    },

    putSchedule: (schedule) => table.putVersion({ ...schedule, ...configKey(schedule.project_id, schedule.id) }),

    async begin(begun) {
      await table.putIf({ ...begun, ...clockKey(begun.project_id, begun.id) }, 'attribute_not_exists(pk)');
    },

    moveOn: (seen, next) => update(seen, next, MOVED, STANDS),
    renew: (seen, next) => update(seen, next, RENEWED, STANDS),
    takeLock: (seen, run, claim) => update(seen, { ...seen, lock_run: run, lock_claim: claim }, LOCK, LOCK),

    async remove({ project, schedule }) {
      for (const key of [configKey(project, schedule), clockKey(project, schedule)]) await table.remove(key);
    },

    schedules: (value, before, limit) => newest({ value, before, size: limit }, limit, valueIn<Schedule>),

    // DynamoDB reads all schedules of the project and answers the keys of those that match.
    naming(value, { field, id }, limit) {
      const where = { attribute: field, equals: id };
      return newest({ value, before: undefined, size: LOOKED_INTO, where, keysOnly: true }, limit, ({ sk }) => sk);
    },
  };

  /** The first `limit` schedules of a walk. */
  async function newest<Found>(
    walk: Omit<Partition, 'client' | 'table' | 'prefix'>,
    limit: number,
    read: (item: Key) => Found,
  ): Promise<Found[]> {
    const found: Found[] = [];
    for await (const items of newestItems<Key>({ client, table: name, prefix: 'sch', ...walk })) {
      found.push(...items.map((item) => read(item)));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** Writes the `changed` attributes of `next` if the `unchanged` attributes still equal those of `seen`. */
  function update(
    seen: ScheduleClock,
    next: ScheduleClock,
    changed: readonly (keyof ScheduleClock)[],
    unchanged: readonly (keyof ScheduleClock)[],
  ): Promise<boolean> {
    const set = changed.filter((name) => next[name] !== undefined);
    const removed = changed.filter((name) => next[name] === undefined);
    const conditions = unchanged.map((name) =>
      seen[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :seen_${name}`,
    );
    const update = [
      ...(set.length > 0 ? [`SET ${set.map((name) => `#${name} = :${name}`).join(', ')}`] : []),
      ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
    ];
    const values = {
      ...Object.fromEntries(set.map((name) => [name, next[name]])),
      ...Object.fromEntries(unchanged.map((name) => [`seen_${name}`, seen[name]])),
    };
    const condition = ['attribute_exists(pk)', ...conditions].join(' AND ');
    return table.updateIf(clockKey(seen.project_id, seen.id), update.join(' '), condition, values);
  }
}
