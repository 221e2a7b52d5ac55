import type { Destination } from '../endpoint/endpoint.js';
import { hexOf } from '../ids.js';
import type { RunDefinition } from '../run/task-run.js';
import { contentTypeOf, renderBody } from './body-format.js';
import { formatHeaders } from './format-headers.js';
import { signWebhook } from './signature.js';

export interface DeliveryRequest {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** The headers as they may be kept and shown: values that the endpoint itself sets are hidden. */
  readonly shownHeaders: Record<string, string>;
  readonly requestId: string;
  readonly traceId: string;
}

export interface DeliveryRequestInput {
  readonly run: RunDefinition;
  readonly destination: Destination;
  readonly attempt: number;
  /** The claim under which the call is made: a new one for each call. */
  readonly nonce: string;
  /** `whsec_…`, the newest first. */
  readonly secrets: readonly string[];
  /** Signs the body beside them. */
  readonly apiKey?: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What arrives: the payload in the run's format, under headers of which an endpoint may set none but its own. */
export function buildDeliveryRequest(input: DeliveryRequestInput): DeliveryRequest {
  const { run, destination, attempt, nonce, secrets, apiKey, now } = input;
  const { id, body_format, trace, event } = run;
  const body = renderBody(run, now);
  const requestId = hexOf(nonce);
  const traceId = trace?.id ?? hexOf(id);
  const timestamp = Math.floor(now / 1000);
  const own = lowerCased(destination.headers);
  const ours = {
    'user-agent': `Punctual/${input.version}`,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook([...secrets], id, timestamp, body),
    ...formatHeaders({ id, format: body_format, body, timestamp, secrets, apiKey }),
    'idempotency-key': id,
    'punctual-attempt': String(attempt),
    'punctual-request-id': requestId,
    'punctual-scheduled-for': new Date(run.due).toISOString(),
    ...(event && { 'punctual-event-name': event.name }),
    // Percent-encoded: a header holds latin1 at most, and a key any text.
    ...(event?.key !== undefined && { 'punctual-event-key': encodeURIComponent(event.key) }),
    traceparent: `00-${traceId}-${requestId.slice(-16)}-${trace?.flags ?? '01'}`,
  };
  const hidden = Object.fromEntries(Object.keys(own).map((name) => [name, '***']));
  const type = contentTypeOf(run);
  const contentType = type === undefined ? {} : { 'content-type': type };
  return {
    headers: { ...contentType, ...own, ...ours },
    shownHeaders: { ...contentType, ...hidden, ...ours },
    body,
    requestId,
    traceId,
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
