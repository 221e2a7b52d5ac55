import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createAwsCaller } from '../aws/aws-caller.js';
import { traceHeaderOf } from '../aws/trace-header.js';
import type { Caller, CallerSettings } from '../kind.js';
import { type EventBridgeDestination, eventbridge } from './eventbridge.js';

const MAX_DETAIL_TYPE = 128;
/** Of a task run without a name. */
const NAMELESS = 'task';

/** Puts an event on a bus. */
export function createEventBridgeCaller(settings: CallerSettings): Caller<EventBridgeDestination> {
  return createAwsCaller(settings, {
    kind: eventbridge,
    clientIn: (config) => new EventBridgeClient(config),
    async call(client, { arn, source }, { headers, body, delivery }, options) {
      const entry = {
        EventBusName: arn,
        Source: source,
        DetailType: (delivery!.name || NAMELESS).slice(0, MAX_DETAIL_TYPE),
        Detail: body.toString() || '{}',
        Resources: [headers['idempotency-key']!],
        TraceHeader: traceHeaderOf(headers),
      };
      const { Entries: [put] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }), options);
      // The call succeeds, also if the entry does not.
      const { EventId, ErrorCode: code, ErrorMessage: message } = put ?? { ErrorCode: 'NoEntry' };
      return {
        body: JSON.stringify({ EventId }),
        error: code === undefined ? undefined : { code, message: `${code}: ${message}` },
      };
    },
  });
}
