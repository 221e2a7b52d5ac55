import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HeldRun, HeldRunStore } from '../protocol/rules/held-run.js';
import { held } from './conditional-write.js';
import { heldKey, heldPartition } from './keys.js';

const keyOf = ({ project, endpoint, token }: HeldRun) => heldKey(project, endpoint, token.run);

export function createHeldRunStore(client: DynamoDBDocumentClient, table: string): HeldRunStore {
  return {
    async put(row) {
      const { project, endpoint, token, nonce, left_ms } = row;
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(row),
          UpdateExpression: 'SET #row = :row, nonce = :nonce, left_ms = if_not_exists(left_ms, :left)',
          ExpressionAttributeNames: { '#row': 'row' },
          ExpressionAttributeValues: { ':row': { project, endpoint, token }, ':nonce': nonce, ':left': left_ms },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return { ...row, left_ms: Attributes!['left_ms'] };
    },

    async oldest({ project, endpoint }, shards, limit) {
      const partitions = Array.from({ length: shards }, (_, n) => heldPartition(project, endpoint, n));
      const found = await Promise.all(partitions.map((partition) => first(partition, limit)));
      return found
        .flat()
        .sort((a, b) => (a.token.run < b.token.run ? -1 : 1))
        .slice(0, limit);
    },

    async remove(row) {
      await held(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: keyOf(row),
            ConditionExpression: 'nonce = :nonce',
            ExpressionAttributeValues: { ':nonce': row.nonce },
          }),
        ),
      );
    },
  };

  async function first(partition: string, limit: number): Promise<HeldRun[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partition },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return Items.map(({ row, nonce, left_ms }) => ({ ...row, nonce, left_ms }));
  }
}
