import * as z from 'zod/mini';
import type { Payload } from '../formats/format.js';
import { JsonText, toJson } from '../primitives/json-text.js';

/** Bytes of the body that is sent. */
const MAX_PAYLOAD_BYTES = 256 * 1024;

/** For a schema's `transform`: a string is sent as it is, any other JSON in its own text. */
export function toPayload(value: unknown, context: z.core.ParsePayload): Payload {
  const payload: Payload =
    typeof value === 'string' ? { format: 'text', body: value } : { format: 'json', body: toJson(value) };
  const bytes = Buffer.byteLength(payload.body);
  if (bytes > MAX_PAYLOAD_BYTES)
    context.issues.push({
      code: 'custom',
      input: value,
      message: `The payload has ${bytes} bytes as it would be sent; at most ${MAX_PAYLOAD_BYTES} are taken.`,
    });
  return payload;
}

export const payloadSchema = z.pipe(z.unknown(), z.transform(toPayload));

/** The payload as it was given; null for none. */
export function givenPayload(payload: Payload | undefined): unknown {
  if (payload === undefined) return null;
  return payload.format === 'text' ? payload.body : new JsonText(payload.body);
}
