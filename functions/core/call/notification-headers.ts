import { createHmac } from 'node:crypto';

/**
 * What a job notification carries beside `webhook-signature`, under names that its receivers know.
 * @param secrets `whsec_…`, the newest first: it alone signs here, keyed with its whole text as it was shown
 */
export function notificationHeaders(id: string, body: Buffer, secrets: readonly string[]): Record<string, string> {
  const [newest = ''] = secrets;
  return {
    'x-cronflow-signature': createHmac('sha256', newest).update(body).digest('hex'),
    'x-cronflow-idempotency-key': id,
  };
}
