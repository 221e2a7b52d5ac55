import type { Endpoint } from '../../functions/core/endpoint/endpoint.js';
import type { EventStore, FanOut, Listeners, PublishedEvent } from '../../functions/core/event/event.js';

type Step = <Result>(name: string, effect: () => Result) => Promise<Result>;

/** Longer payloads lie apart from their events. */
const INLINE_LENGTH = 100;

/** Events, and who listens for them, in memory. */
export class MemoryEvents {
  readonly events = new Map<string, PublishedEvent>();
  readonly fanOuts = new Map<string, FanOut>();
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
        const fanOut = this.fanOuts.get(id);
        if (event === undefined) return undefined;
        const { payload, ...rest } = event;
        const payloadApart = payload !== undefined && payload.body.length > INLINE_LENGTH;
        return { event: payloadApart ? rest : event, payloadApart, ...(fanOut && { fanOut }) };
      }),
    payload: (_project, id) => this.step('eventPayload', () => this.events.get(id)?.payload),
    create: (event) =>
      this.step('createEvent', () => {
        if (!this.events.has(event.id)) this.events.set(event.id, event);
      }),
    advance: ({ id }, seen, next) =>
      this.step('advanceEvent', () => {
        const current = this.fanOuts.get(id);
        if (current?.cursor !== seen?.cursor || current?.status === 'completed') return false;
        this.fanOuts.set(id, next);
        return true;
      }),
  };

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
