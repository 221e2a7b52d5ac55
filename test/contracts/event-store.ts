import {
  type FanOutPage,
  type PublishedEvent,
  payloadOf,
  redactedEvent,
} from '../../functions/subjects/events/event.js';
import { anEvent } from '../support/event-stories.js';
import { DAY, NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

export function eventStoreContract(stores: () => Stores): void {
  const LARGE = { format: 'text', body: Array.from({ length: 900 }, (_, n) => (n * 7919) % 100_003).join() } as const;
  const event = (change: Partial<PublishedEvent> = {}) =>
    anEvent({ project_id: freshProject().id, expires_at: NOW + 30 * DAY, ...change });
  const find = ({ project_id, id }: PublishedEvent) => stores().events.find(project_id, id);
  const aPage = (after: string, end?: string): FanOutPage => ({
    after,
    ...(end && { end }),
    runs: [{ endpoint_id: `${after}x`, lane: 'fast', max_attempts: 3, expires_at: NOW + DAY }],
  });

  test.each([
    ['beside it', undefined],
    ['apart', LARGE],
  ])('an event is put once, its payload %s', async (_where, payload) => {
    const { events } = stores();
    const published = event(payload && { payload });
    expect(await find(published)).toBeUndefined();
    await events.create(published);
    await events.create({ ...published, event_name: 'another', payload: { format: 'text', body: 'another' } });
    const stored = (await find(published))!;
    const { payload: _payload, ...rest } = published;
    expect(stored).toMatchObject({ event: rest, pages: [], payloadApart: payload !== undefined });
    expect(await payloadOf(events, stored)).toEqual(published.payload);
  });

  test.each([
    ['beside it', undefined],
    ['apart', LARGE],
  ])('a redacted event has no payload %s, and one that is not there stays away', async (_where, payload) => {
    const { events } = stores();
    const published = event(payload && { payload });
    await events.create(published);
    await events.putPage(published, aPage(''));
    const redacted = redactedEvent(published, NOW);
    for (let twice = 0; twice < 2; twice++) await events.redact(redacted);
    expect(await find(published)).toEqual({ event: redacted, pages: [aPage('')], payloadApart: false });
    expect(await events.payload(published.project_id, published.id)).toBeUndefined();
    const gone = event();
    await events.redact(redactedEvent(gone, NOW));
    expect(await find(gone)).toBeUndefined();
  });

  test('a page is put once, and pages are found in the order of their beginnings', async () => {
    const { events } = stores();
    const published = event();
    await events.create(published);
    const [first, second, third] = [aPage('', 'ep_2'), aPage('ep_2', 'ep_4'), aPage('ep_4')] as const;
    expect(await events.putPage(published, second)).toBe(true);
    expect(await events.putPage(published, third)).toBe(true);
    const put = await atOnce(4, () => events.putPage(published, first));
    expect(put.filter(Boolean)).toHaveLength(1);
    expect(await events.putPage(published, { ...first, runs: [] })).toBe(false);
    expect((await find(published))!.pages).toEqual([first, second, third]);
  });

  test('a finished page says when, and a page that is finished twice says the later moment', async () => {
    const { events } = stores();
    const published = event();
    await events.create(published);
    const [first, second] = [aPage('', 'ep_2'), aPage('ep_2')] as const;
    for (const page of [first, second]) await events.putPage(published, page);
    await atOnce(2, () => events.finishPage(published, first, NOW + 5));
    expect((await find(published))!.pages).toEqual([{ ...first, made_at: NOW + 5 }, second]);
    await events.finishPage(published, second, NOW + 7);
    await events.finishPage(published, second, NOW + 9);
    expect(await events.putPage(published, second)).toBe(false);
    expect((await find(published))!.pages.map(({ made_at }) => made_at)).toEqual([NOW + 5, NOW + 9]);
  });

  test('an event that has expired is absent, with its pages, and may be put again', async () => {
    const { events, time } = stores();
    const published = event({ expires_at: NOW + DAY });
    await events.create(published);
    await events.putPage(published, aPage(''));
    time.now = NOW + DAY;
    expect(await find(published)).toBeUndefined();
    const anew = { ...published, event_name: 'anew', expires_at: NOW + 9 * DAY };
    await events.create(anew);
    expect(await find(published)).toMatchObject({ event: { event_name: 'anew' }, pages: [] });
    expect(await events.putPage(anew, aPage('', 'ep_2'))).toBe(true);
    expect((await find(published))!.pages).toEqual([aPage('', 'ep_2')]);
  });

  test('an event is another project’s nothing, and its pages are out of its reach', async () => {
    const { events } = stores();
    const published = event({ payload: LARGE });
    const other = { ...published, project_id: freshProject().id };
    await events.create(published);
    expect(await find(other)).toBeUndefined();
    expect(await events.payload(other.project_id, other.id)).toBeUndefined();
    expect(await events.putPage(other, aPage(''))).toBe(true);
    expect((await find(published))!.pages).toEqual([]);
  });
}
