import { uuidOf } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';

/**
 * How a run's payload becomes the body of its calls: `raw` as it was given, as a job notification,
 * signed once more for its receivers, or within an envelope of the dispatch dialect, made at each attempt. The cron-service
 * dialect sends it raw; only its ids are its own.
 */
export type BodyFormat = 'raw' | 'notification' | 'dispatch' | 'cron-service';

/** What is sent, as it was given: `json` without its insignificant white space. `body` is exactly what arrives. */
export interface Payload {
  readonly format: 'text' | 'json';
  readonly body: string;
}

export interface Rendered {
  readonly id: string;
  readonly payload?: Payload;
  readonly body_format?: BodyFormat;
  readonly title?: string;
}

/** What a body calls itself, where its endpoint does not say so; of none there is nothing to say. */
export function contentTypeOf({ payload, body_format }: Omit<Rendered, 'id'>): string | undefined {
  if (payload?.format === 'text') return 'text/plain; charset=utf-8';
  return payload || body_format === 'dispatch' ? 'application/json' : undefined;
}

/** The body of an attempt that is made at `firedAt` (Unix milliseconds). */
export function renderBody(run: Rendered, firedAt: number): Buffer {
  switch (run.body_format) {
    case 'dispatch':
      return Buffer.from(dispatchBody(run, firedAt));
    default:
      return Buffer.from(run.payload?.body ?? '');
  }
}

/** The payload is JSON already, and goes in verbatim. */
function dispatchBody({ id, title, payload }: Rendered, firedAt: number): string {
  const head = JSON.stringify({ jobId: uuidOf(id), title }).slice(0, -1);
  return `${head},"payload":${payload?.body ?? '{}'},"firedAt":"${isoTime(firedAt)}"}`;
}
