import type { BodyFormat } from '../call/body-format.js';
import type { Endpoint } from '../endpoint/endpoint.js';
import { DEFAULT_RETRY_POLICY, totalDelayMs } from '../endpoint/retry-policy.js';
import type { Page } from '../newest-first.js';
import type { Project } from '../project/project.js';
import type { Payload } from '../run/task-run.js';
import type { TraceContext } from '../trace-context.js';

/**
 * Why to send: written once, when it is published, and never changed. Its id carries the shard of all runs that it makes.
 * A job notification is one too, with an id (`ntf_`) that keeps it out of the list of events. Times are Unix milliseconds.
 */
export interface PublishedEvent {
  readonly id: string;
  readonly project_id: string;
  readonly event_name: string;
  readonly event_key?: string;
  /** Left out by a look that did not ask for it, where it lies apart. */
  readonly payload?: Payload;
  readonly body_format?: BodyFormat;
  /** It is about this endpoint, which is not told. */
  readonly about?: string;
  readonly trace?: TraceContext;
  readonly created_at: number;
  readonly expires_at: number;
}

/** How far the fan-out of an event has come; absent before its first page is done. */
export interface FanOut {
  /** The last endpoint handled; '' at the start. */
  readonly cursor: string;
  /** The nonce of the one token that may go on; '' for the first. */
  readonly tok: string;
  readonly status: 'running' | 'completed';
}

export interface StoredEvent {
  readonly event: PublishedEvent;
  readonly fanOut?: FanOut;
  /** The payload is too large to lie with the event, and with each of its runs. */
  readonly payloadApart: boolean;
}

export interface EventStore {
  /** Strongly consistent; without a payload that lies apart. */
  find(project: string, id: string): Promise<StoredEvent | undefined>;
  payload(project: string, id: string): Promise<Payload | undefined>;
  /** Puts the event if it is absent. */
  create(event: PublishedEvent): Promise<void>;
  /** Records the progress of a fan-out, if it still is where `seen` says (absent: nowhere yet). */
  advance(event: PublishedEvent, seen: FanOut | undefined, next: FanOut): Promise<boolean>;
}

export interface Listeners {
  /** Endpoints that may have one of these filters, ascending by id, strictly after the id `after`; strongly consistent. */
  candidates(
    project: string,
    filters: readonly string[],
    after: string,
    limit: number,
  ): Promise<{ readonly endpoints: Endpoint[]; readonly end?: string }>;
  /** Whether there may be any; the answer may be some seconds old, and mostly costs nothing. */
  mayBeAny(project: string, filters: readonly string[]): Promise<boolean>;
}

export interface EventFilter {
  readonly event_name?: string | undefined;
  readonly event_key?: string | undefined;
}

export interface EventLists {
  /** Newest first by id, strictly before the id `before`, as `RunLists` has it. */
  events(
    projects: readonly Project[],
    filter: EventFilter,
    before: string | undefined,
    limit: number,
  ): Promise<Page<ListedEvent>>;
}

export type ListedEvent = Omit<StoredEvent, 'payloadApart'> & { readonly id: string };

/** By so much the event outlives runs with the default policy. Those of a still more patient one keep a payload of their own. */
const EVENT_OUTLIVES_MS = 7 * 24 * 60 * 60 * 1000;

/** @param keepMs how long runs are kept after their last possible attempt */
export function eventExpiresAt(createdAt: number, keepMs: number): number {
  return createdAt + totalDelayMs(DEFAULT_RETRY_POLICY) + keepMs + EVENT_OUTLIVES_MS;
}
