import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Clock, systemClock } from '../primitives/clock.js';
import { mergeNewest, rowsOnly, takePage, type Walk } from '../primitives/newest-first.js';
import type { DeadLetter, DeadLetterFilter, DeadLetterLists } from '../subjects/dead-letters/dead-letter.js';
import { batchGet } from './batch-get.js';
import { deadLetterOf } from './dead-letter-store.js';
import { deadPartition, endpointIndex, type Key, openIndex, projectOf } from './keys.js';
import { newestItems, perShard, type Start, shardsOf } from './newest-items.js';

interface LettersTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** Each dead letter holds its run's payload, and a Query's answer ends at 1 MB anyway. */
const LETTERS_AT_ONCE = 50;

export function createDeadLetterLists(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Pick<Clock, 'sleep'> = systemClock,
): DeadLetterLists {
  const letters: LettersTable = { client, table, clock };
  return {
    list(projects, filter, before, limit) {
      const ids = new Set(projects.map(({ id }) => id));
      const start = { before, size: Math.min(limit, LETTERS_AT_ONCE) };
      const { endpoint_id, status } = filter;
      const walks = endpoint_id
        ? shardsOf(projects).map((n) => indexed(letters, 'g1', endpointIndex(endpoint_id, n), ids, start))
        : perShard(projects, (project, n) =>
            status === 'open'
              ? indexed(letters, 'g2', openIndex(project, n), ids, start)
              : listed(letters, deadPartition(project, n), start),
          );
      return takePage(
        rowsOnly(mergeNewest(walks), (letter) => belongs(letter, filter)),
        limit,
      );
    },
  };
}

function belongs(letter: DeadLetter, { endpoint_id, reason, status, since, until }: DeadLetterFilter): boolean {
  return (
    (endpoint_id === undefined || letter.run.endpoint_id === endpoint_id) &&
    (reason === undefined || letter.reason === reason) &&
    (status === undefined || letter.status === status) &&
    (since === undefined || letter.created_at >= since) &&
    (until === undefined || letter.created_at <= until)
  );
}

async function* listed(letters: LettersTable, value: string, start: Start): Walk<DeadLetter> {
  for await (const items of newestItems<Key>({ ...letters, ...start, value, prefix: 'dl' }))
    for (const item of items) yield { id: item.sk, row: deadLetterOf({ ...item }) };
}

async function* indexed(
  letters: LettersTable,
  index: 'g1' | 'g2',
  value: string,
  projects: ReadonlySet<string>,
  start: Start,
): Walk<DeadLetter> {
  for await (const keys of newestItems<Key>({ ...letters, ...start, index, value, prefix: 'dl' })) {
    const own = keys.filter((key) => projects.has(projectOf(key)));
    const items = new Map((await batchGet<Key>(letters, own)).map((item) => [item.sk, item]));
    for (const { sk } of keys) {
      const item = items.get(sk);
      yield { id: sk, row: item && deadLetterOf({ ...item }) };
    }
  }
}
