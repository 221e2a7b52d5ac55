import type { RelayedAnswer } from '../../destinations/http/relayed-answer.js';
import { ConflictError, NotFoundError } from '../../primitives/faults.js';
import { isoTime } from '../../primitives/moments.js';
import { type Claim, type ClaimStore, endClaim } from '../projects/claims.js';

/** A developer's machine that gets the calls of some endpoints in place of their URLs, for as long as it asks for them. */
export interface Listener extends Claim {
  readonly endpoint_ids: readonly string[];
}

/** A listener that has not asked for so long has ended. */
export const LISTENER_LEASE_MS = 60_000;
/** Each listener keeps an execution environment of the API from all others while it waits. */
const MOST_LISTENERS = 5;

type Claims = Pick<ClaimStore, 'change'>;

/**
 * Which listener has which endpoint is decided by one conditional write of one row. The endpoint's own mark only says
 * that the row is worth a look, so that the calls of all other endpoints cost no read.
 */
export async function liveListeners(
  { held }: Pick<ClaimStore, 'held'>,
  project: string,
  now: number,
): Promise<readonly Listener[]> {
  return liveOf(await held(project, 'listeners'), now);
}

/** @throws ConflictError if another listener has one of the endpoints, or there are too many listeners */
export async function startListener(
  claims: Claims,
  project: string,
  wanted: Omit<Listener, 'until' | 'name'>,
  now: number,
): Promise<Listener> {
  const { id, endpoint_ids } = wanted;
  const begun = { ...wanted, name: id, until: now + LISTENER_LEASE_MS };
  await claims.change(project, 'listeners', (held) => {
    const others = liveOf(held, now).filter((listener) => listener.id !== id);
    for (const endpoint of endpoint_ids) assertFree(others, endpoint);
    if (others.length >= MOST_LISTENERS)
      throw new ConflictError(`The project has ${MOST_LISTENERS} listeners already. End one first.`);
    return [...others, begun];
  });
  return begun;
}

function assertFree(others: readonly Listener[], endpoint: string): void {
  const holder = others.find(({ endpoint_ids }) => endpoint_ids.includes(endpoint));
  if (holder === undefined) return;
  throw new ConflictError(
    `The listener ${holder.id} has ${endpoint}, until ${isoTime(holder.until)} unless it asks again. End that listener first.`,
  );
}

/** The listener asks: its lease begins anew, by a write once in half a lease. @throws NotFoundError when it has ended */
export async function keepListener(claims: Claims, project: string, id: string, now: number): Promise<Listener> {
  const stand = await claims.change(project, 'listeners', (held) => {
    const listener = liveOf(held, now).find((each) => each.id === id);
    if (listener === undefined || listener.until - now > LISTENER_LEASE_MS / 2) return held;
    return held.map((each) => (each.id === id ? { ...each, until: now + LISTENER_LEASE_MS } : each));
  });
  const kept = liveOf(stand, now).find((each) => each.id === id);
  if (kept === undefined) throw new NotFoundError('There is no such listener any more.');
  return kept;
}

export async function endListener(claims: Claims, project: string, id: string): Promise<void> {
  await endClaim(claims, project, 'listeners', { id });
}

/** The row of the listeners holds nothing else. */
function liveOf(held: readonly Claim[], now: number): readonly Listener[] {
  return (held as readonly Listener[]).filter(({ until }) => until > now);
}

/** The call of an attempt, as a listener gets it. `id`: the call's own, its header Punctual-Request-Id. */
export interface RelayedRequest {
  readonly project_id: string;
  readonly listener_id: string;
  readonly id: string;
  readonly run_id: string;
  readonly endpoint_id: string;
  readonly attempt: number;
  /** Name of the event, or of the task run. */
  readonly title?: string;
  readonly method: string;
  readonly url: string;
  /** JSON, encrypted for the context `id`: values of headers may be credentials. */
  readonly headers: string;
  readonly body: string;
  /** The attempt waits until then (Unix milliseconds). */
  readonly expires_at: number;
}

export type RelayKey = Pick<RelayedRequest, 'project_id' | 'listener_id' | 'id'>;

/** Calls on their way to listeners. Each is one row, which ends with its attempt. */
export interface RelayStore {
  put(request: RelayedRequest): Promise<void>;
  /** Takes requests that are not taken and not over, the oldest first; each is taken once. */
  take(listener: Omit<RelayKey, 'id'>, now: number, limit: number): Promise<RelayedRequest[]>;
  /** Whether this answer is the first one to a request that was taken, and whose attempt has not ended. */
  answer(key: RelayKey, answer: RelayedAnswer): Promise<boolean>;
  answerTo(key: RelayKey): Promise<RelayedAnswer | undefined>;
  /** Ends the request, and tells its answer: none comes after this one. */
  remove(key: RelayKey): Promise<RelayedAnswer | undefined>;
}
