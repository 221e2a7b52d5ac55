import { createHmac } from 'node:crypto';

/** How a run's payload becomes what arrives, at each attempt. */
export type BodyFormat =
  /** As it was given. */
  | 'raw'
  /** A job notification, signed once more as its receivers know it. */
  | 'notification';

export interface BodyInput {
  /** The task run's, so the same at every attempt. */
  readonly id: string;
  readonly payload: string;
  /** `whsec_…`, the newest first. */
  readonly secrets: readonly string[];
}

export interface RenderedBody {
  readonly body: Buffer;
  /** What the format adds, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export function renderBody(format: BodyFormat, input: BodyInput): RenderedBody {
  const body = Buffer.from(input.payload);
  switch (format) {
    case 'raw':
      return { body, headers: {} };
    case 'notification':
      return { body, headers: notificationHeaders(input, body) };
  }
}

/** The key is the secret's whole text, as it was shown; one signature is all that this header holds. */
function notificationHeaders({ id, secrets }: BodyInput, body: Buffer): Record<string, string> {
  const [newest = ''] = secrets;
  return {
    'x-cronflow-signature': createHmac('sha256', newest).update(body).digest('hex'),
    'x-cronflow-idempotency-key': id,
  };
}
