import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RelayedAnswer } from '../destinations/http/relayed-answer.js';
import { isoTime } from '../primitives/moments.js';
import type { RelayedRequest, RelayKey, RelayStore } from '../subjects/listeners/listener.js';
import { type Key, relayKey, relayPartition, seconds } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

interface Row extends Key {
  readonly answer?: RelayedAnswer;
}

/** Calls on their way to listeners, in the table of task runs. What is taken keeps no content. */
export function createRelayStore(client: DynamoDBDocumentClient, name: string): RelayStore {
  const table = new Table(client, name);
  const answerTo = async (key: RelayKey) => (await table.get<Row>(keyOf(key)))?.answer;
  const takeOne = (key: Key) =>
    table.updateIf(
      key,
      'SET taken = :yes REMOVE headers, body, compressed',
      'attribute_exists(pk) AND attribute_not_exists(taken)',
      { yes: true },
    );

  return {
    async put(request) {
      const row = { ...keyOf(request), ...request, ttl: seconds(request.expires_at) };
      await table.put(rowOf(row, ['body']));
    },

    async take({ project_id, listener_id }, now, limit) {
      const pages = table.pages<Key>(
        'pk = :pk AND begins_with(sk, :listener)',
        { pk: relayPartition(project_id), listener: `${listener_id}#`, now: isoTime(now) },
        { FilterExpression: 'attribute_not_exists(taken) AND expires_at > :now', ConsistentRead: true },
      );
      const taken: RelayedRequest[] = [];
      for await (const rows of pages)
        for (const row of rows) {
          if (await takeOne(row)) taken.push(fieldsOf<RelayedRequest>(row));
          if (taken.length >= limit) return taken;
        }
      return taken;
    },

    answer: (key, answer) =>
      table.updateIf(keyOf(key), 'SET answer = :answer', 'attribute_exists(taken) AND attribute_not_exists(answer)', {
        answer,
      }),

    answerTo,

    async remove(key) {
      if (await table.removeIf(keyOf(key), 'attribute_not_exists(answer)')) return undefined;
      const answer = await answerTo(key);
      await table.remove(keyOf(key));
      return answer;
    },
  };
}

function keyOf({ project_id, listener_id, id }: RelayKey): Key {
  return relayKey(project_id, listener_id, id);
}
