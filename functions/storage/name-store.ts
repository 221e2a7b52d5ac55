import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { NameStore } from '../subjects/projects/names.js';
import { held } from './conditional-write.js';
import { createDocuments } from './documents.js';
import { nameKey } from './keys.js';

interface Row {
  readonly id: string;
}

export function createNameStore(client: DynamoDBDocumentClient, table: string): NameStore {
  const documents = createDocuments(client, table);
  return {
    find: async (name) => (await documents.read<Row>(nameKey(name)))?.id,
    claim: async (name, id) => (await documents.create<Row>(nameKey(name), { id })).id,

    async release(name, id) {
      await held(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: nameKey(name),
            ConditionExpression: 'id = :id',
            ExpressionAttributeValues: { ':id': id },
          }),
        ),
      );
    },
  };
}
