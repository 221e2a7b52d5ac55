import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EndpointHealthStore } from '../protocol/limits/health.js';
import type { EndpointKey } from '../subjects/endpoints/endpoint.js';
import { held } from './conditional-write.js';
import { configKey } from './keys.js';

interface Change {
  readonly update: string;
  readonly condition: string;
  readonly values: Record<string, unknown>;
}

/** Health of endpoints, on their items. Each note raises the version, so a user's concurrent change reads again. */
export function createEndpointHealthStore(client: DynamoDBDocumentClient, table: string): EndpointHealthStore {
  const change = ({ project, endpoint }: EndpointKey, { update, condition, values }: Change): Promise<boolean> =>
    held(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: configKey(project, endpoint),
          UpdateExpression: update,
          ConditionExpression: `attribute_exists(pk) AND ${condition}`,
          ExpressionAttributeNames: {
            '#version': 'version',
            ...(update.includes('#status') && { '#status': 'status' }),
          },
          ExpressionAttributeValues: { ':one': 1, ...values },
        }),
      ),
    );
  const NEXT = '#version = #version + :one';

  return {
    async noteFailing(key, since) {
      await change(key, {
        update: `SET failing_since = :since, ${NEXT} REMOVE recovered_at`,
        condition: 'attribute_not_exists(failing_since)',
        values: { ':since': since },
      });
    },

    async noteRecovered(key, since, at) {
      await change(key, {
        update: `SET recovered_at = :at, ${NEXT} REMOVE failing_since`,
        condition: 'failing_since = :since',
        values: { ':since': since, ':at': at },
      });
    },

    disable: (seen, reason, at) =>
      change(
        { project: seen.project_id, endpoint: seen.id },
        {
          update:
            'SET #status = :disabled, disabled_reason = :reason, disabled_at = :at, announcement_due = :due, ' +
            `rev = if_not_exists(rev, :none) + :one, ${NEXT}`,
          // A lost reply must not look like a lost condition: accept our own `disabled_at`.
          condition: 'updated_at = :seen AND (#status <> :disabled OR disabled_at = :at)',
          values: {
            ':disabled': 'disabled',
            ':reason': reason,
            ':at': at,
            ':due': true,
            ':none': 0,
            ':seen': seen.updated_at,
          },
        },
      ),

    async noteAnnounced(key, disabledAt) {
      await change(key, {
        update: `SET ${NEXT} REMOVE announcement_due`,
        condition: 'disabled_at = :at',
        values: { ':at': disabledAt },
      });
    },
  };
}
