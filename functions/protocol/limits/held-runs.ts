import { hexOf } from '../../primitives/ids.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Endpoint, EndpointKey } from '../../subjects/endpoints/endpoint.js';
import type { Slot } from '../../subjects/endpoints/rate-booking.js';
import { callable, keepSlot, keptFor } from '../../subjects/endpoints/slots.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import { laneOf } from '../messages/send-run.js';
import { COMMIT_WINDOW_MS } from '../rules/attempt-decision.js';
import { type HeldRun, MOST_LEFT_MS } from '../rules/held-run.js';
import type { RunPorts } from '../rules/ports.js';
import type { DeliverToken, ReleaseToken } from '../rules/token.js';

/** TTL of held runs: ten years, so that no paused endpoint loses a run. A release restores the run's remaining TTL. */
const HELD_MS = 10 * 366 * 24 * 60 * 60 * 1000;
/** How long a slot is kept for a run that is called up. */
const PICK_UP_MS = 30_000;
const PAGE_SIZE = 50;
const AT_ONCE = 10;
/** More slots are seldom free at the same time, and the end of each call calls up again. */
const CALLED_UP_AT_ONCE = 10;

/**
 * Holds a run at its endpoint, where it costs nothing. After the held row is written, the endpoint is read again
 * (strongly), since a release reads the held rows after the endpoint's change: one of the two sees the other.
 * @returns whether the run stays held; if not, it may go on at once
 */
export async function hold(
  ports: Pick<RunPorts, 'clock' | 'heldRuns' | 'keepMs' | 'runs'>,
  found: { readonly definition: RunDefinition; readonly state?: RunState },
  token: DeliverToken,
  nonce: string,
  mustStay: () => Promise<boolean>,
): Promise<boolean> {
  const { turn: _turn, slot: _slot, ...plain } = token;
  const now = ports.clock.now();
  const run = found.definition;
  const key = { project: run.project_id, endpoint: run.endpoint_id! };
  // At least the usual retention: after its release the run must live through its delivery, too.
  const left_ms = Math.max(ports.keepMs, Math.min(run.expires_at - now, MOST_LEFT_MS));
  // The row first, since it stores the rest of the run's TTL: a worker's death then loses nothing.
  const held = await ports.heldRuns.put({ ...key, token: { ...plain, hop: 0, waited: true }, nonce, left_ms });
  await ports.runs.keepUntil(found, now + HELD_MS);
  if (await mustStay()) return true;
  await ports.runs.keepUntil(found, ports.clock.now() + held.left_ms);
  await ports.heldRuns.remove(held);
  return false;
}

/** The token is sent before the change that it waits for: otherwise a dying process leaves the runs held. */
export async function sendRelease(
  ports: Pick<RunPorts, 'clock' | 'wakeUps'>,
  endpoint: Pick<Endpoint, 'project_id' | 'id'>,
  rev: number,
): Promise<void> {
  const { project_id: project, id } = endpoint;
  await ports.wakeUps.sendToDispatcher({
    kind: 'release',
    project,
    endpoint: id,
    rev,
    sent_at: ports.clock.now(),
    hop: 0,
  });
}

/**
 * Releases the runs that the endpoint holds, page by page. A held row is deleted after its token was sent, so a page
 * whose worker dies is done again. An endpoint with slots calls up as many runs as it has free slots, and the end of
 * each call calls up the next run.
 */
export async function release(ports: RunPorts, token: ReleaseToken): Promise<void> {
  const key = { project: token.project, endpoint: token.endpoint };
  const endpoint = await ports.config.endpoint(key.project, key.endpoint);
  if (endpoint && (endpoint.rev ?? 0) < token.rev) return putBack(ports, token);
  if (endpoint?.status === 'paused') return; // paused again; the resumption sends another release
  if (endpoint?.status === 'active' && endpoint.max_concurrency !== undefined)
    return callUp(ports, key, hexOf(endpoint.id));
  const page = await oldest(ports, key, PAGE_SIZE);
  await mapBounded(page, AT_ONCE, (held) => letGo(ports, endpoint, held, held.token));
  if (page.length === PAGE_SIZE) await ports.wakeUps.sendToDispatcher({ ...token, sent_at: ports.clock.now(), hop: 0 });
}

/** The sender's commit is on its way; or the sender has died, and nothing was changed. */
async function putBack(ports: Pick<RunPorts, 'clock' | 'wakeUps'>, token: ReleaseToken): Promise<void> {
  const age = ports.clock.now() - token.sent_at;
  if (age < COMMIT_WINDOW_MS)
    await ports.wakeUps.sendToDispatcher({ ...token, hop: token.hop + 1 }, Math.max(1, Math.ceil(age / 2_000)));
}

/**
 * Calls up the runs that have waited longest, one for each free slot. Each slot is kept in the name of its run, so that
 * no other run overtakes it, and of its caller. So two callers at the same time call up different runs, and a repeated
 * call calls up the same run.
 * @param caller ends in hex digits
 */
export async function callUp(ports: RunPorts, key: EndpointKey, caller: string): Promise<void> {
  const [endpoint, waiting] = await Promise.all([
    ports.config.endpoint(key.project, key.endpoint),
    oldest(ports, key, CALLED_UP_AT_ONCE),
  ]);
  if (endpoint?.status !== 'active' || endpoint.max_concurrency === undefined) return; // a release sends them
  if (waiting.length === 0) return;
  const runs = waiting.map(({ token }) => token.run);
  const called = await callable(ports, endpoint, runs, caller);
  for (const held of waiting.filter(({ token }) => called.has(token.run))) {
    const { run } = held.token;
    const holder = keptFor(run, caller);
    const index = await keepSlot(ports, endpoint, { run, holder, lease: ports.clock.now() + PICK_UP_MS });
    if (index === 'full') return;
    if (index !== 'called up')
      await letGo(ports, endpoint, held, { ...held.token, slot: { endpoint: endpoint.id, index, holder } });
  }
}

/** A call has ended, or will not be made: its slot goes to the next waiting run. May be repeated. */
export async function passOn(
  ports: RunPorts,
  key: EndpointKey,
  slot: Pick<Slot, 'index' | 'holder'>,
  caller: string,
): Promise<void> {
  await ports.limits.freeSlot(key, slot.index, slot.holder);
  await callUp(ports, key, caller);
}

/** Passes on the slot of the run's last claim, if the claim had one. */
export async function leaveSlot(ports: RunPorts, key: EndpointKey, { slot, nonce }: RunState): Promise<void> {
  if (slot !== undefined && nonce !== undefined) await passOn(ports, key, { index: slot, holder: nonce }, nonce);
}

async function letGo(
  ports: Pick<RunPorts, 'clock' | 'heldRuns' | 'runs' | 'wakeUps'>,
  endpoint: Endpoint | undefined,
  held: HeldRun,
  token: DeliverToken,
): Promise<void> {
  const run = await ports.runs.find({ project: held.project, run: token.run });
  // Before the token: the token may bring the run back here at once.
  await ports.runs.keepUntil(run, ports.clock.now() + held.left_ms);
  await ports.wakeUps.sendToLane(laneOf(endpoint), token, token.due);
  await ports.heldRuns.remove(held);
}

async function oldest(
  ports: Pick<RunPorts, 'config' | 'heldRuns'>,
  key: EndpointKey,
  limit: number,
): Promise<HeldRun[]> {
  const project = await ports.config.project(key.project);
  return ports.heldRuns.oldest(key, project?.shards ?? 1, limit);
}
