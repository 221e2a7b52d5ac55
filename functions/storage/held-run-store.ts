import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HeldRun, HeldRunStore } from '../protocol/rules/held-run.js';
import { heldKey, heldPartition } from './keys.js';
import { Table } from './table.js';

const keyOf = ({ project, endpoint, token }: HeldRun) => heldKey(project, endpoint, token.run);

export function createHeldRunStore(client: DynamoDBDocumentClient, name: string): HeldRunStore {
  const table = new Table(client, name);
  return {
    async put(row) {
      const { project, endpoint, token, nonce, left_ms } = row;
      const after = await table.update(
        keyOf(row),
        'SET #row = :row, nonce = :nonce, left_ms = if_not_exists(left_ms, :left_ms)',
        { row: { project, endpoint, token }, nonce, left_ms },
      );
      return { ...row, left_ms: after!['left_ms'] };
    },

    async oldest({ project, endpoint }, shards, limit) {
      const partitions = Array.from({ length: shards }, (_, n) => heldPartition(project, endpoint, n));
      const asked = { ConsistentRead: true, Limit: limit };
      const found = await Promise.all(partitions.map((pk) => table.page('pk = :pk', { pk }, asked)));
      return found
        .flatMap(({ items }) => items)
        .map(({ row, nonce, left_ms }): HeldRun => ({ ...row, nonce, left_ms }))
        .sort((a, b) => (a.token.run < b.token.run ? -1 : 1))
        .slice(0, limit);
    },

    async remove(row) {
      await table.removeIf(keyOf(row), 'nonce = :nonce', { nonce: row.nonce });
    },
  };
}
