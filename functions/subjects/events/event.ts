import type { Labels } from '../../fields/labels-schema.js';
import type { Payload } from '../../formats/format.js';
import type { BodyFormat } from '../../formats/formats.js';
import type { Via } from '../../primitives/loops.js';
import type { Page } from '../../primitives/newest-first.js';
import type { TraceContext } from '../../primitives/trace-context.js';
import type { Endpoint, Lane } from '../endpoints/endpoint.js';
import type { Project } from '../projects/project.js';
import { DEFAULT_RETRY_POLICY, totalDelayMs } from '../retry-policies/retry-policy.js';

/**
 * Why to send: written once, when it is published, and never changed. Its id carries the shard of all its runs. A job
 * notification is an event, too; its id (`ntf_`) keeps it out of the list of events. Times are Unix milliseconds.
 */
export interface PublishedEvent {
  readonly id: string;
  readonly project_id: string;
  readonly event_name: string;
  readonly event_key?: string;
  readonly labels?: Labels;
  /** Absent if it is stored apart and was not asked for. */
  readonly payload?: Payload;
  readonly body_format?: BodyFormat;
  /** The endpoint that the event is about; it does not get the event. */
  readonly about?: string;
  readonly trace?: TraceContext;
  readonly via?: Via;
  readonly created_at: number;
  /** Its payload was removed at this moment. */
  readonly redacted_at?: number;
  readonly expires_at: number;
}

export function redactedEvent({ payload: _payload, ...event }: PublishedEvent, at: number): PublishedEvent {
  return { ...event, redacted_at: at };
}

/** A page of an event's fan-out, decided once: the runs to make, and where the next page begins. */
export interface FanOutPage {
  /** The page begins after this endpoint; '' for the first page. */
  readonly after: string;
  /** The last endpoint that was read. Absent: no page follows. */
  readonly end?: string;
  readonly runs: readonly EventRun[];
  /** The runs are beyond the project's runs of the day: they are dead letters. */
  readonly over_quota?: boolean;
  /** Absent: decided within a minute of the event. */
  readonly decided_at?: number;
  /** When each run of the page, and the token of the next page, was there. Absent: a part may be missing. */
  readonly made_at?: number;
}

/** The decided fields of a run that its event does not have. */
export interface EventRun {
  readonly endpoint_id: string;
  readonly lane: Lane;
  readonly max_attempts: number;
  readonly expires_at: number;
}

export interface StoredEvent {
  readonly event: PublishedEvent;
  /** The decided pages, in order; a list of events has only the last one. */
  readonly pages: readonly FanOutPage[];
  /** The payload is too large for the event's item. */
  readonly payloadApart: boolean;
}

/** Whether every listening endpoint has its run. A page comes after all runs of the page before it. */
export function isFannedOut({ pages }: Pick<StoredEvent, 'pages'>): boolean {
  const last = pages.at(-1);
  return last?.made_at !== undefined && last.end === undefined;
}

export interface EventStore {
  /** Strongly consistent; without a payload that is stored apart. */
  find(project: string, id: string): Promise<StoredEvent | undefined>;
  /** The payload that is stored apart. */
  payload(project: string, id: string): Promise<Payload | undefined>;
  /** Puts the event if it is absent. */
  create(event: PublishedEvent): Promise<void>;
  /** Replaces an event, which has no payload any more, and deletes the payload that is stored apart. */
  redact(event: PublishedEvent): Promise<void>;
  /** Puts the page if there is no page that begins there; answers whether it did. */
  putPage(event: PublishedEvent, page: FanOutPage): Promise<boolean>;
  /** Records that the page's runs, and the token of the next page, are there. */
  finishPage(event: PublishedEvent, page: FanOutPage, madeAt: number): Promise<void>;
}

/** The payload of an event that was found, wherever it is stored. */
export async function payloadOf(
  { payload }: Pick<EventStore, 'payload'>,
  { event, payloadApart }: StoredEvent,
): Promise<Payload | undefined> {
  return payloadApart ? payload(event.project_id, event.id) : event.payload;
}

export interface Listeners {
  /** Endpoints that may have one of these filters, ascending by id, strictly after `after`; strongly consistent. */
  candidates(
    project: string,
    filters: readonly string[],
    after: string,
    limit: number,
  ): Promise<{ readonly endpoints: Endpoint[]; readonly end?: string }>;
  /** Whether an endpoint may listen; the answer is cached, and at most `UNHEARD_MS` old. */
  mayBeAny(project: string, filters: readonly string[]): Promise<boolean>;
}

export interface EventFilter {
  readonly event_name?: string | undefined;
  readonly event_key?: string | undefined;
  readonly label?: readonly string[] | undefined;
}

export interface EventLists {
  /** Newest first by id, strictly before `before`, as in `RunLists`. */
  events(
    projects: readonly Project[],
    filter: EventFilter,
    before: string | undefined,
    limit: number,
  ): Promise<Page<ListedEvent>>;
}

export type ListedEvent = StoredEvent & { readonly id: string };

/** How much longer an event lives than runs with the default policy. Longer-lived runs have their own payload. */
const EVENT_OUTLIVES_MS = 7 * 24 * 60 * 60 * 1000;

/** @param keepMs how long runs are kept after their last possible attempt */
export function eventExpiresAt(createdAt: number, keepMs: number): number {
  return createdAt + totalDelayMs(DEFAULT_RETRY_POLICY) + keepMs + EVENT_OUTLIVES_MS;
}
