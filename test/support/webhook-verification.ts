import { createHmac } from 'node:crypto';

interface Webhook {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Whether a receiver that follows the Standard Webhooks specification, and shares `secret`, would accept it. */
export function isSignedWith(secret: string, { headers, body }: Webhook): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}
