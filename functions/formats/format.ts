import { createHmac } from 'node:crypto';
import type { IdPrefix } from '../primitives/ids.js';

/** The payload as it was given: `json` without insignificant white space. `body` is exactly what the receiver gets. */
export interface Payload {
  readonly format: 'text' | 'json';
  readonly body: string;
}

/** The fields from which a body is built. */
export interface Rendered {
  /** Of the run. */
  readonly id: string;
  readonly payload?: Payload;
  readonly title?: string;
}

/** A body that is about to be signed. */
export interface FormattedBody {
  /** Of the run. */
  readonly id: string;
  readonly body: Buffer;
  /** Unix seconds. */
  readonly timestamp: number;
  /** In the form shown to the user, newest first. */
  readonly secrets: readonly string[];
}

/** How the calls and ids of a task run look. A format without a field uses what `raw` does. */
export interface Format {
  /** The JSON body of an attempt at `firedAt` (Unix milliseconds); without it the payload is sent as it was given. */
  readonly json?: (run: Rendered, firedAt: number) => string;
  /** Headers in addition to `webhook-signature`, under names that the receivers know. */
  readonly headers?: (signed: FormattedBody) => Record<string, string>;
  /** The form of ids: UUIDs, or other prefixes before the same digits. */
  readonly ids?: 'uuid' | Partial<Record<IdPrefix, string>>;
}

/** HMAC-SHA256 in lower-case hex digits; the key is a secret in the form shown to the user. */
export function hexHmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secret).update(signed).digest('hex');
}
