import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EndpointHealthStore } from '../protocol/limits/health.js';
import { type EndpointKey, keyOfEndpoint } from '../subjects/endpoints/endpoint.js';
import { configKey } from './keys.js';
import { Table } from './table.js';

/** Health of endpoints, on their items. Each note raises the version, so a user's concurrent change reads again. */
export function createEndpointHealthStore(client: DynamoDBDocumentClient, name: string): EndpointHealthStore {
  const table = new Table(client, name);
  const change = (
    { project, endpoint }: EndpointKey,
    update: string,
    condition: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<boolean> =>
    table.updateIf(
      configKey(project, endpoint),
      `SET #version = #version + :one${update}`,
      `attribute_exists(pk) AND ${condition}`,
      { one: 1, ...values },
    );

  return {
    async noteFailing(key, since) {
      const update = ', failing_since = :since REMOVE recovered_at';
      await change(key, update, 'attribute_not_exists(failing_since)', { since });
    },

    async noteRecovered(key, since, at) {
      await change(key, ', recovered_at = :at REMOVE failing_since', 'failing_since = :since', { since, at });
    },

    disable(seen, reason, at) {
      const update =
        ', #status = :disabled, disabled_reason = :reason, disabled_at = :at, announcement_due = :due, ' +
        'rev = if_not_exists(rev, :none) + :one';
      // A lost reply must not look like a lost condition: accept our own `disabled_at`.
      const condition = 'updated_at = :seen AND (#status <> :disabled OR disabled_at = :at)';
      const values = { disabled: 'disabled', reason, at, due: true, none: 0, seen: seen.updated_at };
      return change(keyOfEndpoint(seen), update, condition, values);
    },

    async noteAnnounced(key, disabledAt) {
      await change(key, ' REMOVE announcement_due', 'disabled_at = :at', { at: disabledAt });
    },

    async forgetListener(key, listener) {
      await change(key, ' REMOVE listener_id', 'listener_id = :listener', { listener });
    },
  };
}
