import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Claim, ClaimStore } from '../subjects/projects/claims.js';
import { createDocuments } from './documents.js';
import { claimsKey } from './keys.js';

/** All claims of a kind that a project has: they are few, so that one row decides about all of them. */
interface Row {
  readonly held: readonly Claim[];
}

export function createClaimStore(client: DynamoDBDocumentClient, table: string): ClaimStore {
  const documents = createDocuments(client, table);
  return {
    held: async (project, kind) => (await documents.read<Row>(claimsKey(project, kind)))?.held ?? [],

    async change(project, kind, change) {
      const key = claimsKey(project, kind);
      const changed = (row: Row): Row => {
        const held = change(row.held);
        return held === row.held ? row : { held };
      };
      const stands =
        (await documents.change<Row>(key, changed)) ??
        (await documents.create<Row>(key, { held: [] }).then(() => documents.change<Row>(key, changed)));
      return stands!.held;
    },
  };
}
