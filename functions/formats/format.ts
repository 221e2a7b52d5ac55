import { createHmac } from 'node:crypto';
import type { IdPrefix } from '../primitives/ids.js';

/** What is sent, as it was given: `json` without its insignificant white space. `body` is exactly what arrives. */
export interface Payload {
  readonly format: 'text' | 'json';
  readonly body: string;
}

/** What a body is made of. */
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
  /** As they were shown, the newest first. */
  readonly secrets: readonly string[];
}

/** How the calls of a task run look, and its ids. A format that leaves a field out has what `raw` has. */
export interface Format {
  /** The body of an attempt that is made at `firedAt` (Unix milliseconds), as JSON; `raw` sends the payload as it was given. */
  readonly json?: (run: Rendered, firedAt: number) => string;
  /** Headers beside `webhook-signature`, under names that the receivers know. */
  readonly headers?: (signed: FormattedBody) => Record<string, string>;
  /** What ids are called: UUIDs, or other prefixes before the same digits. */
  readonly ids?: 'uuid' | Partial<Record<IdPrefix, string>>;
}

/** HMAC-SHA256 in lower-case hex digits, keyed with a secret as it was shown. */
export function hexHmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secret).update(signed).digest('hex');
}
