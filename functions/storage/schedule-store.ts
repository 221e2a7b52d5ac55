import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import type { ScheduleStore } from '../protocol/rules/ports.js';
import type { Schedule, ScheduleClock } from '../subjects/schedules/schedule.js';
import { batchGet } from './batch-get.js';
import { held, putVersion } from './conditional-write.js';
import { clockKey, configKey, type Key, valueIn } from './keys.js';
import { newestItems } from './newest-items.js';

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
  table: string,
  clock: Pick<Clock, 'sleep'>,
): ScheduleStore {
  return {
    async find({ project, schedule }) {
      const keys = [configKey(project, schedule), clockKey(project, schedule)];
      const items = await batchGet<Key>({ client, table, clock }, keys);
      const [found, itsClock] = keys.map(({ sk }) => items.find((item) => item.sk === sk));
      return {
        ...(found && { schedule: valueIn<Schedule>(found) }),
        ...(itsClock && { clock: valueIn<ScheduleClock>(itsClock) }),
      };
    },

    putSchedule: (schedule) =>
      putVersion(client, table, { ...schedule, ...configKey(schedule.project_id, schedule.id) }),

    async begin(begun) {
      const item = { ...begun, ...clockKey(begun.project_id, begun.id) };
      const ConditionExpression = 'attribute_not_exists(pk)';
      await held(client.send(new PutCommand({ TableName: table, Item: item, ConditionExpression })));
    },

    moveOn: (seen, next) => update(seen, next, MOVED, STANDS),
    renew: (seen, next) => update(seen, next, RENEWED, STANDS),
    takeLock: (seen, run, claim) => update(seen, { ...seen, lock_run: run, lock_claim: claim }, LOCK, LOCK),

    async remove({ project, schedule }) {
      for (const Key of [configKey(project, schedule), clockKey(project, schedule)])
        await client.send(new DeleteCommand({ TableName: table, Key }));
    },

    schedules: (project, before, limit) => newest<Schedule>('sch', project, before, limit),

    // DynamoDB reads all schedules of the project and answers the keys of those that match.
    async naming(value, { field, id }, limit) {
      const where = { attribute: field, equals: id };
      const walk = {
        client,
        table,
        value,
        prefix: 'sch',
        before: undefined,
        size: LOOKED_INTO,
        where,
        keysOnly: true,
      } as const;
      const found: string[] = [];
      for await (const items of newestItems<Key>(walk)) {
        found.push(...items.map(({ sk }) => sk));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
  };

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
    const names = [...new Set([...changed, ...unchanged])];
    const values = {
      ...Object.fromEntries(set.map((name) => [`:${name}`, next[name]])),
      ...Object.fromEntries(
        unchanged.flatMap((name) => (seen[name] === undefined ? [] : [[`:seen_${name}`, seen[name]]])),
      ),
    };
    return held(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: clockKey(seen.project_id, seen.id),
          UpdateExpression: [
            set.length > 0 ? `SET ${set.map((name) => `#${name} = :${name}`).join(', ')}` : '',
            removed.length > 0 ? `REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : '',
          ].join(' '),
          ConditionExpression: ['attribute_exists(pk)', ...conditions].join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
        }),
      ),
    );
  }

  async function newest<T extends object>(
    prefix: 'sch',
    value: string,
    before: string | undefined,
    limit: number,
  ): Promise<T[]> {
    const found: T[] = [];
    for await (const items of newestItems<Key>({ client, table, value, prefix, before, size: limit })) {
      found.push(...items.map((item) => valueIn<T>(item)));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }
}
