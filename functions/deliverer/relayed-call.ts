import { callFailure, cancelledFailure, timeoutFailure } from '../destinations/call-failure.js';
import { NO_ANSWER } from '../destinations/http/caller.js';
import type { HttpDestination } from '../destinations/http/http.js';
import { type RelayedAnswer, relayedOutcome, THE_LISTENER } from '../destinations/http/relayed-answer.js';
import type { OutboundRequest } from '../destinations/kind.js';
import type { CallOutcome } from '../destinations/outcome.js';
import { type Destination, isHttp } from '../destinations/registry.js';
import { hexOf } from '../primitives/ids.js';
import { lookAgain } from '../primitives/look-again.js';
import { type Endpoint, isEndpoint, keyOfEndpoint } from '../subjects/endpoints/endpoint.js';
import { liveListeners, type RelayKey } from '../subjects/listeners/listener.js';
import type { RunDefinition } from '../subjects/task-runs/task-run.js';
import type { Worker } from './worker.js';

/** A listener, and the endpoint that it has at the moment. */
interface Listening {
  readonly id: string;
  readonly endpoint: HttpDestination & Pick<Endpoint, 'id'>;
}

/** The listener that has the endpoint. The mark of a listener that has ended is taken away. */
export async function listenerOf(worker: Worker, endpoint: Destination | Endpoint): Promise<Listening | undefined> {
  if (!isEndpoint(endpoint) || endpoint.listener_id === undefined || !isHttp(endpoint)) return undefined;
  const listeners = await liveListeners(worker.claims, endpoint.project_id, worker.clock.now());
  const found = listeners.find(({ endpoint_ids }) => endpoint_ids.includes(endpoint.id));
  if (found) return { id: found.id, endpoint };
  // What fails here the next call tries again.
  await worker.health.forgetListener(keyOfEndpoint(endpoint), endpoint.listener_id).catch(() => {});
  return undefined;
}

/**
 * Makes the call through the listener: the request is put where the listener asks for it, and the answer is waited for as
 * for that of a receiver. Never rejects: whatever goes wrong is an outcome. A repeat of the attempt is another request, so
 * that an answer to this one cannot be taken for its own.
 */
export async function callThrough(
  worker: Worker,
  { id: listener_id, endpoint }: Listening,
  { run, attempt, nonce }: { readonly run: RunDefinition; readonly attempt: number; readonly nonce: string },
  { headers, body, timeoutMs, cancel }: OutboundRequest,
): Promise<CallOutcome> {
  const { clock, relays } = worker;
  const started_at = clock.now();
  const expires_at = started_at + timeoutMs;
  const key: RelayKey = { project_id: run.project_id, listener_id, id: hexOf(nonce) };
  const title = run.event?.name ?? run.title;
  const ended = (outcome: Omit<CallOutcome, 'started_at' | 'finished_at'>) => ({
    ...outcome,
    started_at,
    finished_at: clock.now(),
  });
  try {
    await relays.put({
      ...key,
      run_id: run.id,
      endpoint_id: endpoint.id,
      attempt,
      ...(title !== undefined && { title }),
      method: endpoint.method,
      url: endpoint.url,
      headers: await worker.encrypt(JSON.stringify(headers), key.id),
      body: body.toString(),
      expires_at,
    });
  } catch {
    return ended({ ...NO_ANSWER, ...callFailure(undefined, 'connect', THE_LISTENER) });
  }
  const seen = await answerBy(worker, key, expires_at, cancel);
  // What is answered until the removal counts; after it, the listener is told that it is late.
  const answer = (await relays.remove(key).catch(() => undefined)) ?? seen;
  if (answer) return ended(relayedOutcome(answer));
  const failure = cancel?.aborted ? cancelledFailure(THE_LISTENER) : timeoutFailure('response', THE_LISTENER);
  return ended({ ...NO_ANSWER, ...failure });
}

async function answerBy(
  { clock, relays }: Worker,
  key: RelayKey,
  until: number,
  cancel: AbortSignal | undefined,
): Promise<RelayedAnswer | undefined> {
  let answer: RelayedAnswer | undefined;
  await lookAgain(clock, until - clock.now(), async () => {
    // A failed look is not the listener's fault.
    answer = await relays.answerTo(key).catch(() => undefined);
    return answer !== undefined || cancel?.aborted === true;
  });
  return answer;
}
