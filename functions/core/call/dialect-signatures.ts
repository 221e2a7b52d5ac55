import { createHmac } from 'node:crypto';
import type { BodyFormat } from './body-format.js';

export interface SignedBody {
  readonly format: BodyFormat | undefined;
  readonly body: Buffer;
  /** Unix seconds. */
  readonly timestamp: number;
  /** The project's `whsec_…`, the newest first. */
  readonly secrets: readonly string[];
  /** The API key that the job was made with, if it signs with that. */
  readonly apiKey: string | undefined;
}

/** The signatures that the dialects promise beside `webhook-signature`: hex HMAC-SHA256, keyed with secrets as they were shown. */
export function dialectSignatures({ format, body, timestamp, secrets, apiKey }: SignedBody): Record<string, string> {
  const dated = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
  return {
    ...(format === 'dispatch' && {
      'x-dispatch-signature': [`t=${timestamp}`, ...secrets.map((secret) => `v1=${hmac(secret, dated)}`)].join(','),
    }),
    ...(apiKey !== undefined && { 'x-cron-signature': `sha256=${hmac(apiKey, body)}` }),
  };
}

function hmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secret).update(signed).digest('hex');
}
