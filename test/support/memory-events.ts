import type { Endpoint } from '../../functions/core/endpoint/endpoint.js';
import type {
  EventStore,
  FanOutPage,
  Listeners,
  PublishedEvent,
  StoredEvent,
} from '../../functions/core/event/event.js';
import { runsOf } from '../../functions/core/event/event-runs.js';
import type { RunDefinition } from '../../functions/core/run/task-run.js';

type Step = <Result>(name: string, effect: () => Result) => Promise<Result>;

/** Longer payloads lie apart from their events. */
const INLINE_LENGTH = 100;

/** Events, and who listens for them, in memory. */
export class MemoryEvents {
  readonly events = new Map<string, PublishedEvent>();
  readonly pages = new Map<string, FanOutPage[]>();
  /** Endpoints beside the world's own. */
  listeners: Endpoint[] = [];
  /** Looks for listeners that a container would have made, had it not remembered. */
  looks = 0;

  constructor(
    private readonly step: Step,
    /** Endpoints per page, whatever is asked for: a page should not need hundreds. */
    public pageSize = 3,
  ) {}

  readonly store: EventStore = {
    find: (_project, id) =>
      this.step('findEvent', () => {
        const event = this.events.get(id);
        return event && this.stored(event);
      }),
    payload: (_project, id) => this.step('eventPayload', () => this.events.get(id)?.payload),
    create: (event) =>
      this.step('createEvent', () => {
        if (!this.events.has(event.id)) this.events.set(event.id, event);
      }),
    putPage: ({ id }, page) =>
      this.step('putPage', () => {
        const pages = this.pages.get(id) ?? [];
        if (pages.some(({ after }) => after === page.after)) return false;
        this.pages.set(id, [...pages, page]);
        return true;
      }),
  };

  /** What all events have made. */
  runs(): RunDefinition[] {
    return [...this.events.values()].flatMap((event) => runsOf(this.stored(event)));
  }

  private stored(event: PublishedEvent): StoredEvent {
    const { payload, ...rest } = event;
    const payloadApart = payload !== undefined && payload.body.length > INLINE_LENGTH;
    return { event: payloadApart ? rest : event, payloadApart, pages: this.pages.get(event.id) ?? [] };
  }

  readonly ports: Listeners = {
    candidates: (_project, filters, after, limit) =>
      this.step('candidates', () => {
        const size = Math.min(limit, this.pageSize);
        const found = this.matching(filters).filter(({ id }) => id > after);
        const endpoints = found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, size);
        return { endpoints, ...(found.length > size && { end: endpoints.at(-1)!.id }) };
      }),
    mayBeAny: async (_project, filters) => {
      this.looks += 1;
      return this.matching(filters).length > 0;
    },
  };

  private matching(filters: readonly string[]): Endpoint[] {
    return this.listeners.filter(({ event_filters = [] }) => event_filters.some((filter) => filters.includes(filter)));
  }
}
