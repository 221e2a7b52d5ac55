import * as z from 'zod/mini';
import { MAX_DEPTH, MAX_MEMBERS } from '../api/http/json-body.js';
import { readJson } from '../api/http/read-json.js';
import { validate } from '../api/http/validate.js';
import { asEventName } from '../fields/event-name-schema.js';
import { idSchema } from '../fields/id-schema.js';
import { isJsonObject, JsonText, toJson } from '../primitives/json-text.js';
import type { ApiSettings } from '../runtime/api-ports.js';

const json = z.custom<JsonText>((value) => value instanceof JsonText && isJsonObject(value), 'Must be an object.');

/** An event as EventBridge has it. Its further fields are EventBridge's matter. */
const busEvent = z.looseObject({ id: z.string(), 'detail-type': z.string(), detail: json });

const WAYS = ['task', 'event', 'eventbridge'] as const;

/** The body of a message. A later form gets another `version`. */
const envelopeSchema = z
  .strictObject({
    version: z.optional(z.literal(1)),
    project: idSchema('proj'),
    idempotency_key: z.optional(z.string()),
    traceparent: z.optional(z.string()),
    tracestate: z.optional(z.string()),
    task: z.optional(json),
    event: z.optional(json),
    eventbridge: z.optional(busEvent),
  })
  .check(
    z.refine(
      (given) => WAYS.filter((way) => given[way] !== undefined).length === 1,
      `Give exactly one of ${WAYS.join(', ')}.`,
    ),
  );

/** What a message asks for: one request of the API. */
export interface Asked {
  readonly project: string;
  /** The field of the message that holds the request's body. */
  readonly field: (typeof WAYS)[number];
  readonly path: '/v1/tasks' | '/v1/events';
  readonly body: string;
  /** The sender's, or the id of an event of EventBridge, which is delivered at least once. */
  readonly key?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws InvalidRequestError naming every fault */
export function readEnvelope(text: string, settings: ApiSettings): Asked {
  // The envelope has two levels of its own around a body, or around the detail that becomes a payload.
  const json = readJson(text, { kept: ['task', 'event', 'detail'], maxDepth: MAX_DEPTH + 2, maxMembers: MAX_MEMBERS });
  const envelope = validate({ body: envelopeSchema }, json, {}, settings).body as z.infer<typeof envelopeSchema>;
  const { project, idempotency_key, traceparent, tracestate, task, event, eventbridge } = envelope;
  const headers = { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) };
  const shared = { project, headers, key: idempotency_key ?? eventbridge?.id };
  if (task) return { ...shared, field: 'task', path: '/v1/tasks', body: task.text };
  if (event) return { ...shared, field: 'event', path: '/v1/events', body: event.text };
  const { 'detail-type': type, detail } = eventbridge!;
  const body = toJson({ event_name: asEventName(type), payload: detail });
  return { ...shared, field: 'eventbridge', path: '/v1/events', body };
}
