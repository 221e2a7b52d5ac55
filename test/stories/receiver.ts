import type { Received } from '../../local/receiver.js';
import type { HttpClient } from '../support/http-client.js';
import { receivedBy } from '../support/tenant.js';

/** Where to send, as endpoints and inline targets say it. */
export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where stories deliver to. */
export interface StoryReceiver {
  /** Takes what stories send (`PAYLOAD`), with a 200. */
  readonly good: Target;
  /** Fails, in a way that is worth another attempt. */
  readonly bad: Target;
  /** Takes no headers of ours, and answers any POST with this status. */
  readonly hook: { readonly url: string; readonly status: number };
  /** The calls under a run's webhook-id, oldest first; absent where the receiver cannot tell. */
  readonly received?: (run: string) => Promise<readonly Received[]>;
}

/** What stories send: the API, being its own receiver, takes it only if it arrives as it was given. */
export const PAYLOAD = { cron: '0 3 * * *', timezone: 'Europe/Berlin' };

/** The local stack's receiver, or one that speaks as it does: it tells what came. */
export function tellingReceiver(url: string): StoryReceiver {
  return {
    good: { url: `${url}/ok` },
    bad: { url: `${url}/fail/503` },
    hook: { url: `${url}/ok`, status: 200 },
    received: (run) => receivedBy(url, run),
  };
}

/**
 * The API as its own receiver, so that a deployment needs nothing outside of itself, and no tunnel to a laptop. What came
 * is judged by what the API shows of its attempts: the preview of a schedule answers 200 only to a whole payload.
 */
export function apiAsReceiver({ base, headers }: HttpClient): StoryReceiver {
  const preview = `${base}/v1/schedules/preview`;
  return {
    good: { url: preview, headers },
    bad: { url: `${base}/v1/nothing-here` },
    hook: { url: preview, status: 401 },
  };
}
