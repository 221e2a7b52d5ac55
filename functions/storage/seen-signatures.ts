import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { seconds, signatureKey } from './keys.js';
import { Table } from './table.js';

/** A signed write; its signature is good until `until` (Unix milliseconds). */
export interface SeenSignature {
  readonly project: string;
  readonly signature: string;
  /** The request that brought it. */
  readonly request: string;
  readonly until: number;
}

export interface SeenSignatures {
  /** Whether no other request has brought this signature; the same request may ask again. */
  note(seen: SeenSignature): Promise<boolean>;
}

export function createSeenSignatures(
  client: DynamoDBDocumentClient,
  table: string,
  clock: { now(): number },
): SeenSignatures {
  return {
    note({ project, signature, request, until }) {
      // One second longer than the signature is good: the signature's age is checked before this write.
      const row = { ...signatureKey(project, signature), taken_by: request, ttl: seconds(until) + 1 };
      // The SDK repeats a write whose reply was lost: accept our own request.
      const isFirst = 'attribute_not_exists(pk) OR #ttl <= :now OR taken_by = :request';
      return new Table(client, table).putIf(row, isFirst, { now: Math.floor(clock.now() / 1000), request });
    },
  };
}
