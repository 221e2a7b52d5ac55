import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { NameStore } from '../subjects/projects/names.js';
import { createDocuments } from './documents.js';
import { nameKey } from './keys.js';
import { Table } from './table.js';

interface Row {
  readonly id: string;
}

export function createNameStore(client: DynamoDBDocumentClient, table: string): NameStore {
  const documents = createDocuments(client, table);
  return {
    find: async (name) => (await documents.read<Row>(nameKey(name)))?.id,
    claim: async (name, id) => (await documents.create<Row>(nameKey(name), { id })).id,

    async release(name, id) {
      await new Table(client, table).removeIf(nameKey(name), 'id = :id', { id });
    },
  };
}
