import { BODY_KEPT, bodyExcerpt } from '../body-excerpt.js';
import { callFailure } from '../call-failure.js';
import type { CallOutcome } from '../outcome.js';
import { NO_ANSWER, statusVerdict } from './caller.js';
import { headerExcerpt } from './response-body.js';

/** What a listener says of a call that it made: the receiver's answer, or why there is none. */
export type RelayedAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  /** Node's code, such as ECONNREFUSED. */
  | { readonly error: string };

/** Stands for the host in the words of an outcome. */
export const THE_LISTENER = 'The listener';

/** The outcome of the call, as if it had been made from here. */
export function relayedOutcome(answer: RelayedAnswer): Omit<CallOutcome, 'started_at' | 'finished_at'> {
  if ('error' in answer) return { ...NO_ANSWER, ...callFailure({ code: answer.error }, 'response', THE_LISTENER) };
  const { status, headers, body } = answer;
  return {
    http_status: status,
    response_headers: headerExcerpt(lowerCased(headers)),
    response_body: bodyExcerpt(Buffer.from(body), BODY_KEPT),
    ...statusVerdict(status, THE_LISTENER),
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
