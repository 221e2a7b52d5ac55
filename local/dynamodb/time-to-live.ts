import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DescribeTableOutput, ListTablesOutput, ScanOutput } from '@aws-sdk/client-dynamodb';
import type { Store } from 'dynalite/db/index.js';
import { callDynalite, isDynaliteError } from './dynalite-calls.js';

/** AWS does not delete an item whose TTL is more than five years in the past. */
const OLDEST_EXPIRY_SECONDS = 5 * 365 * 24 * 3600;
const PAGE_ITEMS = 100;
/** Pause between pages, so that a sweep of a large table takes a small share of the machine. */
const PAUSE_MS = 20;

/** The deletion of expired items, which dynalite does not have. */
export class TimeToLive {
  constructor(private readonly store: Store) {}

  enable(table: string, attribute: string): Promise<void> {
    return promisify(this.store.db.put)(keyOf(table), attribute);
  }

  /** Deletes items that have expired by `now` (ms), page by page; ends early once `signal` aborts. */
  async sweep(now: number, signal: AbortSignal): Promise<void> {
    for (const table of await this.tables()) {
      const attribute = await this.attributeOf(table);
      if (attribute && !signal.aborted) await this.sweepTable(table, attribute, Math.floor(now / 1000), signal);
    }
  }

  private async sweepTable(table: string, attribute: string, nowSeconds: number, signal: AbortSignal): Promise<void> {
    const keyNames = await this.keyNamesOf(table);
    const expired = {
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: {
        ':now': { N: String(nowSeconds) },
        ':oldest': { N: String(nowSeconds - OLDEST_EXPIRY_SECONDS) },
      },
    };
    const condition = '#ttl < :now AND #ttl > :oldest';
    const request = { TableName: table, Limit: PAGE_ITEMS, FilterExpression: condition, ...expired };
    let start: ScanOutput['LastEvaluatedKey'];
    do {
      const page = await callDynalite<ScanOutput>(this.store, 'Scan', { ...request, ExclusiveStartKey: start });
      for (const item of page.Items ?? []) {
        const Key = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
        // The item may have got a later TTL since the page was read.
        const deletion = { TableName: table, Key, ConditionExpression: condition, ...expired };
        await callDynalite(this.store, 'DeleteItem', deletion).catch(ignoreFailedCondition);
      }
      start = page.LastEvaluatedKey;
      if (start) await sleep(PAUSE_MS);
    } while (start && !signal.aborted);
  }

  private async attributeOf(table: string): Promise<string | undefined> {
    return (await promisify(this.store.db.get)(keyOf(table))) as string | undefined;
  }

  private async tables(): Promise<string[]> {
    return (await callDynalite<ListTablesOutput>(this.store, 'ListTables', {})).TableNames ?? [];
  }

  private async keyNamesOf(table: string): Promise<string[]> {
    const { Table } = await callDynalite<DescribeTableOutput>(this.store, 'DescribeTable', { TableName: table });
    return Table!.KeySchema!.map((key) => key.AttributeName!);
  }
}

const keyOf = (table: string) => `time-to-live~${table}`;

function ignoreFailedCondition(error: unknown): void {
  if (!isDynaliteError(error) || !error.body.__type.endsWith('ConditionalCheckFailedException')) throw error;
}
