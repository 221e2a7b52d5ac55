import { createHmac } from 'node:crypto';
import type { BodyFormat } from './body-format.js';

export interface FormattedBody {
  /** Of the run. */
  readonly id: string;
  readonly format: BodyFormat | undefined;
  readonly body: Buffer;
  /** Unix seconds. */
  readonly timestamp: number;
  /** As they were shown, the newest first. */
  readonly secrets: readonly string[];
  /** The API key that the job was made with, if it signs with that. */
  readonly apiKey: string | undefined;
}

/**
 * What job notifications and the dialects promise beside `webhook-signature`, under names that their receivers know: hex
 * HMAC-SHA256, keyed with secrets as they were shown. A job notification is signed with the newest alone.
 */
export function formatHeaders({ id, format, body, timestamp, secrets, apiKey }: FormattedBody): Record<string, string> {
  return {
    ...(format === 'dispatch' && { 'x-dispatch-signature': dated(timestamp, body, secrets) }),
    ...(format === 'notification' && {
      'x-cronflow-signature': hmac(secrets[0] ?? '', body),
      'x-cronflow-idempotency-key': id,
    }),
    ...(apiKey !== undefined && { 'x-cron-signature': `sha256=${hmac(apiKey, body)}` }),
  };
}

function dated(timestamp: number, body: Buffer, secrets: readonly string[]): string {
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), body]);
  return [`t=${timestamp}`, ...secrets.map((secret) => `v1=${hmac(secret, signed)}`)].join(',');
}

function hmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secret).update(signed).digest('hex');
}
