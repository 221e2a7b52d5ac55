import type { Payload } from '../../functions/formats/format.js';
import type { Endpoint } from '../../functions/subjects/endpoints/endpoint.js';
import type {
  EventStore,
  FanOutPage,
  Listeners,
  PublishedEvent,
  StoredEvent,
} from '../../functions/subjects/events/event.js';

type Step = <Result>(name: string, effect: () => Result) => Promise<Result>;

const byBeginning = (a: FanOutPage, b: FanOutPage): number => (a.after < b.after ? -1 : 1);

/** Longer payloads lie apart from their events. */
const INLINE_LENGTH = 100;

/** Events, and who listens for them, in memory. */
export class MemoryEvents {
  /** By project and id. */
  readonly events = new Map<string, PublishedEvent>();
  readonly pages = new Map<string, FanOutPage[]>();
  /** Endpoints beside the world's own. */
  listeners: Endpoint[] = [];
  /** Looks for listeners that a container would have made, had it not remembered. */
  looks = 0;

  constructor(
    private readonly step: Step,
    private readonly now: () => number,
    /** Endpoints per page, whatever is asked for: a page should not need hundreds. */
    public pageSize = 3,
  ) {}

  readonly store: EventStore = {
    find: (project, id) =>
      this.step('findEvent', () => {
        const event = this.live(project, id);
        return event && this.stored(event);
      }),
    payload: (project, id) => this.step('eventPayload', () => this.live(project, id)?.payload),
    create: (event) =>
      this.step('createEvent', () => {
        const { project_id, id } = event;
        if (this.live(project_id, id)) return;
        this.events.set(placeIn(project_id, id), event);
        this.pages.delete(placeIn(project_id, id));
      }),
    redact: (event) =>
      this.step('redactEvent', () => {
        const place = placeIn(event.project_id, event.id);
        if (this.events.has(place)) this.events.set(place, event);
      }),
    putPage: ({ project_id, id }, page) =>
      this.step('putPage', () => {
        const pages = this.pages.get(placeIn(project_id, id)) ?? [];
        if (pages.some(({ after }) => after === page.after)) return false;
        this.pages.set(placeIn(project_id, id), [...pages, page].sort(byBeginning));
        return true;
      }),
    finishPage: ({ project_id, id }, page, made_at) =>
      this.step('finishPage', () => {
        const others = (this.pages.get(placeIn(project_id, id)) ?? []).filter(({ after }) => after !== page.after);
        this.pages.set(placeIn(project_id, id), [...others, { ...page, made_at }].sort(byBeginning));
      }),
  };

  payloadOf(project: string, id: string): Payload | undefined {
    return this.live(project, id)?.payload;
  }

  private live(project: string, id: string): PublishedEvent | undefined {
    const event = this.events.get(placeIn(project, id));
    return event && event.expires_at > this.now() ? event : undefined;
  }

  private stored(event: PublishedEvent): StoredEvent {
    const { payload, ...rest } = event;
    const payloadApart = payload !== undefined && payload.body.length > INLINE_LENGTH;
    const pages = this.pages.get(placeIn(event.project_id, event.id)) ?? [];
    return { event: payloadApart ? rest : event, payloadApart, pages };
  }

  readonly ports: Listeners = {
    candidates: (project, filters, after, limit) =>
      this.step('candidates', () => {
        const size = Math.min(limit, this.pageSize);
        const found = this.matching(project, filters).filter(({ id }) => id > after);
        const endpoints = found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, size);
        return { endpoints, ...(found.length > size && { end: endpoints.at(-1)!.id }) };
      }),
    mayBeAny: async (project, filters) => {
      this.looks += 1;
      return this.matching(project, filters).length > 0;
    },
  };

  private matching(project: string, filters: readonly string[]): Endpoint[] {
    return this.listeners
      .filter(({ project_id }) => project_id === project)
      .filter(({ event_filters = [] }) => event_filters.some((filter) => filters.includes(filter)));
  }
}

function placeIn(project: string, id: string): string {
  return `${project} ${id}`;
}
