import { filtersMatching } from '../../fields/event-names.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import { retryRead } from '../../primitives/retry-read.js';
import type { ConfigReader } from '../../subjects/endpoints/config-reader.js';
import { type Endpoint, laneFor } from '../../subjects/endpoints/endpoint.js';
import {
  type EventRun,
  type FanOutPage,
  type PublishedEvent,
  payloadOf,
  type StoredEvent,
} from '../../subjects/events/event.js';
import { runOfEvent } from '../../subjects/events/event-runs.js';
import { bytesOf } from '../../subjects/projects/quotas.js';
import { totalDelayMs } from '../../subjects/retry-policies/retry-policy.js';
import { fanOutToken } from '../messages/publish.js';
import { putBackPage } from '../messages/put-back-page.js';
import { destinationFor } from '../messages/send-run.js';
import { rememberConfig } from '../rules/config-reads.js';
import { policyFor } from '../rules/policy-for.js';
import type { RunPorts } from '../rules/ports.js';
import type { FanOutToken } from '../rules/token.js';
import { createBeyondQuota, createRun } from '../runs/run-operations.js';

/** A page takes a few seconds of the dispatcher's minute at most: ten messages share an invocation. */
const PAGE_SIZE = 200;
/** A page that is decided sooner does not store when: so a page of ten runs stays within one write unit. */
const LATE_MS = 60_000;
/** Runs that are created at the same time: their tokens fill batches of ten. */
const AT_ONCE = 50;

/**
 * Handles the page of a fan-out that the token names. Which endpoints listen is decided once, by one write; then come
 * their runs and tokens, the next page's token, and a write that says so. If the worker dies, the message comes again. A
 * worker that finds the page decided performs its effects again, all of them idempotent, unless all of them are there.
 */
export async function fanOut(ports: RunPorts, token: FanOutToken): Promise<void> {
  const look = () => ports.events.find(token.project, token.event);
  const stored = await retryRead(ports.clock, look, (found) => found !== undefined);
  if (stored === undefined) return putBackPage(ports, token);
  let page = pageAfter(stored, token.cursor);
  if (page === undefined) {
    const planned = await planPage(ports, stored.event, token.cursor);
    const isDecided = await ports.events.putPage(stored.event, planned);
    page = isDecided ? planned : pageAfter((await look())!, token.cursor)!;
  }
  if (page.made_at === undefined) await performPage(ports, stored, page);
}

function pageAfter({ pages }: StoredEvent, cursor: string): FanOutPage | undefined {
  return pages.find(({ after }) => after === cursor);
}

async function planPage(
  ports: Pick<RunPorts, 'clock' | 'config' | 'keepMs' | 'listeners' | 'takeRuns'>,
  event: PublishedEvent,
  after: string,
): Promise<FanOutPage> {
  const filters = filtersMatching(event.event_name);
  const { endpoints, end } = await ports.listeners.candidates(event.project_id, filters, after, PAGE_SIZE);
  const listening = endpoints.filter((endpoint) => listens(endpoint, event, filters));
  const config = rememberConfig(ports.config);
  const runs = await Promise.all(listening.map((endpoint) => planRun(config, event, endpoint, ports.keepMs)));
  const decided_at = ports.clock.now();
  const isLate = decided_at - event.created_at > LATE_MS;
  const isWithin = await takeRunsOf(ports, event, after, runs.length);
  return {
    after,
    ...(end !== undefined && { end }),
    runs,
    ...(!isWithin && { over_quota: true }),
    ...(isLate && { decided_at }),
  };
}

/**
 * The event's first run was counted when it was published, with the payload. Each other run has a copy of a small payload.
 * Job notifications are our own, and not counted.
 */
async function takeRunsOf(
  { takeRuns }: Pick<RunPorts, 'takeRuns'>,
  { project_id, body_format, payload }: PublishedEvent,
  after: string,
  runs: number,
): Promise<boolean> {
  const count = after === '' ? runs - 1 : runs;
  if (takeRuns === undefined || count <= 0 || body_format === 'notification') return true;
  return takeRuns(project_id, { count, bytes: count * bytesOf(payload) });
}

/** The hint by which the endpoint was found decides nothing; the endpoint's own list of filters does. */
function listens({ id, event_filters = [] }: Endpoint, { about }: PublishedEvent, filters: readonly string[]): boolean {
  return id !== about && event_filters.some((filter) => filters.includes(filter));
}

async function planRun(
  config: ConfigReader,
  event: PublishedEvent,
  endpoint: Endpoint,
  keepMs: number,
): Promise<EventRun> {
  const destination = destinationFor(event, endpoint);
  const policy = await policyFor(config, event.project_id, destination);
  return {
    endpoint_id: endpoint.id,
    lane: laneFor(destination),
    max_attempts: policy.max_attempts,
    expires_at: event.created_at + totalDelayMs(policy) + keepMs,
  };
}

async function performPage(ports: RunPorts, stored: StoredEvent, page: FanOutPage): Promise<void> {
  const { event } = stored;
  const { runs, end } = page;
  // A payload stored apart is shared by all runs, except those that may be tried after it has expired with its event.
  const sharesPayload = ({ expires_at }: EventRun) =>
    stored.payloadApart && expires_at <= event.expires_at && !page.over_quota;
  const payload = runs.every(sharesPayload) ? undefined : await payloadOf(ports.events, stored);
  await mapBounded(runs, AT_ONCE, (planned) => {
    const run = runOfEvent(stored, planned, sharesPayload(planned) ? undefined : payload);
    return page.over_quota ? createBeyondQuota(ports, run) : createRun(ports, run, planned.lane);
  });
  if (end !== undefined) await ports.wakeUps.sendToDispatcher(fanOutToken(event, end, ports.clock.now()));
  await ports.events.finishPage(event, page, ports.clock.now());
}
