import { randomBytes } from 'node:crypto';
import { type Endpoint, laneFor } from '../endpoint/endpoint.js';
import { policyFor } from '../endpoint/policy-for.js';
import { totalDelayMs } from '../endpoint/retry-policy.js';
import { lookAgain } from '../look-again.js';
import { mapBounded } from '../map-bounded.js';
import type { ConfigReader, RunPorts } from '../ports.js';
import { rememberConfig } from '../remembered-config.js';
import { destinationFor } from '../run/lane-group.js';
import { putBackPage } from '../run/put-back-page.js';
import { createRun } from '../run/run-operations.js';
import type { Payload, RunDefinition } from '../run/task-run.js';
import type { FanOutToken } from '../run/token.js';
import type { FanOut, PublishedEvent, StoredEvent } from './event.js';
import { filtersMatching } from './event-name.js';
import { fanOutToken } from './publish.js';
import { runIdOf } from './run-ids.js';

/** A page takes a few seconds of the dispatcher's minute at most: ten messages share an invocation. */
const PAGE_SIZE = 200;
/** Runs that are made at the same time: their tokens fill batches of ten. */
const AT_ONCE = 50;

const START: FanOut = { cursor: '', tok: '', status: 'running' };

/**
 * Does the page of a fan-out that the token speaks of: for each endpoint that listens, its token and then its run if
 * absent; then the next page's token, and *then* the progress. Whoever dies on the way leaves the message, and the page
 * is done again under the same ids. An endpoint that stops listening meanwhile either has its run, whose token was sent
 * before it, or gets none.
 */
export async function fanOut(ports: RunPorts, token: FanOutToken, keepMs: number): Promise<void> {
  const found = await lookAgain(
    ports.clock,
    () => ports.events.find(token.project, token.event),
    (stored) => stored !== undefined && token.cursor <= progressOf(stored).cursor,
  );
  if (found === undefined || token.cursor > progressOf(found).cursor) return putBackPage(ports, token);
  const { event } = found;
  const progress = progressOf(found);
  if (progress.status === 'completed' || token.cursor < progress.cursor) return;
  if (token.nonce !== progress.tok) return; // a fork: another worker's next page is the one that goes on

  const filters = filtersMatching(event.event_name);
  const { endpoints, end } = await ports.listeners.candidates(event.project_id, filters, token.cursor, PAGE_SIZE);
  const listening = endpoints.filter((endpoint) => listens(endpoint, event, filters));
  const page: FanOutPage = { ...found, config: rememberConfig(ports.config), keepMs, payload: payloadOf(ports, found) };
  await mapBounded(listening, AT_ONCE, async (endpoint) => {
    const destination = destinationFor(event, endpoint);
    await createRun(ports, await plannedRun(page, destination), laneFor(destination));
  });
  const next: FanOut = end === undefined ? { ...progress, status: 'completed' } : await sendNext(ports, event, end);
  await ports.events.advance(event, found.fanOut, next);
}

async function sendNext(ports: RunPorts, event: PublishedEvent, cursor: string): Promise<FanOut> {
  const tok = randomBytes(8).toString('hex');
  await ports.wakeUps.sendToDispatcher(fanOutToken(event, cursor, tok, ports.clock.now()));
  return { cursor, tok, status: 'running' };
}

function progressOf({ fanOut: progress = START }: StoredEvent): FanOut {
  return progress;
}

/** Where it was found is only a hint: the endpoint's own list decides. */
function listens({ id, event_filters = [] }: Endpoint, { about }: PublishedEvent, filters: readonly string[]): boolean {
  return id !== about && event_filters.some((filter) => filters.includes(filter));
}

interface FanOutPage extends StoredEvent {
  readonly config: ConfigReader;
  readonly payload: () => Promise<Payload | undefined>;
  readonly keepMs: number;
}

/** Read once, and only for a run that must have its own copy. */
function payloadOf({ events }: RunPorts, { event, payloadApart }: StoredEvent): () => Promise<Payload | undefined> {
  let reading: Promise<Payload | undefined> | undefined;
  return () => {
    reading ??= payloadApart ? events.payload(event.project_id, event.id) : Promise.resolve(event.payload);
    return reading;
  };
}

async function plannedRun(page: FanOutPage, endpoint: Endpoint): Promise<RunDefinition> {
  const { event } = page;
  const { id, project_id, event_name, event_key, body_format, trace, created_at } = event;
  const policy = await policyFor(page.config, project_id, endpoint);
  const expires_at = created_at + totalDelayMs(policy) + page.keepMs;
  const shared = page.payloadApart && expires_at <= event.expires_at;
  const own = shared ? undefined : await page.payload();
  return {
    id: runIdOf(id, endpoint.id),
    project_id,
    source: { type: body_format === 'notification' ? 'notification' : 'event', id },
    endpoint_id: endpoint.id,
    ...(own && { payload: own }),
    ...(shared && { payload_with_event: true }),
    ...(body_format && { body_format }),
    event: { name: event_name, ...(event_key !== undefined && { key: event_key }) },
    ...(trace && { trace }),
    due: created_at,
    max_attempts: policy.max_attempts,
    created_at,
    expires_at,
  };
}
