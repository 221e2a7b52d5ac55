import { createHmac } from 'node:crypto';
import { contentTypeOf, type Formatted, formatHeaders, renderBody, shownId } from '../formats/formats.js';
import { hexOf } from '../primitives/ids.js';
import { traceState, type Via } from '../primitives/loops.js';
import type { TraceContext } from '../primitives/trace-context.js';
import { type Destination, kindOf } from './registry.js';

export interface DeliveryRequest {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** Headers to store and show: values of the endpoint's own headers are hidden. */
  readonly shownHeaders: Record<string, string>;
  readonly requestId: string;
  readonly traceId: string;
}

/** The fields of a task run that its request carries. Times are Unix milliseconds. */
type Delivered = Formatted & {
  readonly trace?: TraceContext;
  readonly via?: Via;
  /** The event that the run delivers. */
  readonly event?: { readonly name: string; readonly key?: string };
  readonly due: number;
};

export interface DeliveryRequestInput {
  readonly run: Delivered;
  /** The schedule that made the run, if any. */
  readonly scheduleId?: string;
  readonly destination: Destination;
  readonly attempt: number;
  /** The nonce of the claim under which the call is made: a new nonce for each call. */
  readonly nonce: string;
  /** Signing secrets as they were shown, the newest first. */
  readonly secrets: readonly string[];
  /** Signs the body beside `secrets`. */
  readonly apiKey?: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The request that arrives: the payload in the run's format, the endpoint's own headers, and our headers over them. */
export function buildDeliveryRequest(input: DeliveryRequestInput): DeliveryRequest {
  const { run, scheduleId, destination, attempt, nonce, secrets, apiKey, now } = input;
  const { id, body_format, trace, event } = run;
  const body = renderBody(run, now);
  const requestId = hexOf(nonce);
  const traceId = trace?.id ?? hexOf(id);
  const timestamp = Math.floor(now / 1000);
  const kind = kindOf(destination);
  const own = lowerCased(kind.ownHeaders?.(destination) ?? {});
  const ours = {
    'user-agent': `Punctual/${input.version}`,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook([...secrets], id, timestamp, body),
    ...formatHeaders(body_format, { id, body, timestamp, secrets }, apiKey),
    'idempotency-key': id,
    'punctual-attempt': String(attempt),
    'punctual-request-id': requestId,
    'punctual-scheduled-for': new Date(run.due).toISOString(),
    ...(scheduleId !== undefined && { 'punctual-schedule-id': shownId(body_format, scheduleId) }),
    ...(event && { 'punctual-event-name': event.name }),
    // Percent-encoded, because a header holds latin1 at most and an event key any text.
    ...(event?.key !== undefined && { 'punctual-event-key': encodeURIComponent(event.key) }),
    tracestate: traceState(run.via, id),
    traceparent: `00-${traceId}-${requestId.slice(-16)}-${trace?.flags ?? '01'}`,
  };
  const hidden = Object.fromEntries(Object.keys(own).map((name) => [name, '***']));
  const type = contentTypeOf(run);
  const contentType = type === undefined ? {} : { 'content-type': type };
  const carried = kind.carried ?? ((headers) => headers);
  return {
    headers: carried({ ...contentType, ...own, ...ours }),
    shownHeaders: carried({ ...contentType, ...hidden, ...ours }),
    body,
    requestId,
    traceId,
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const PREFIX = 'whsec_';
/** The strength of SHA-256. */
const NEW_SECRET_BYTES = 32;

/** The `webhook-signature` of Standard Webhooks: one "v1,<base64>" per secret, so both verify during a rotation. */
export function signWebhook(secrets: string[], id: string, timestampSeconds: number, body: Buffer): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestampSeconds}.`), body]);
  return secrets.map((secret) => `v1,${hmac(secret, signed)}`).join(' ');
}

function hmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secretBytes(secret)).update(signed).digest('base64');
}

/** The base64 bytes of a secret of Standard Webhooks; the text's own bytes of any other secret. */
function secretBytes(secret: string): Buffer {
  const bytes = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return secret === PREFIX + bytes.toString('base64') ? bytes : Buffer.from(secret);
}

/** A new signing secret, `whsec_<base64>`; `random` returns the given number of unpredictable bytes. */
export function newWebhookSecret(random: (bytes: number) => Buffer): string {
  return PREFIX + random(NEW_SECRET_BYTES).toString('base64');
}
