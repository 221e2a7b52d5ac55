import type { RelayedRequest } from '../../functions/subjects/listeners/listener.js';
import { NOW } from '../support/pipeline-world.js';
import { atOnce, freshProject, type Stores } from './stores.js';

const ANSWER = { status: 200, headers: { a: 'b' }, body: 'done' };

export function relayStoreContract(stores: () => Stores): void {
  const requestOf = (project_id: string, change: Partial<RelayedRequest> = {}): RelayedRequest => ({
    project_id,
    listener_id: 'lst_1',
    id: '1',
    run_id: 'run_1',
    endpoint_id: 'ep_1',
    attempt: 1,
    title: 'invoice.paid',
    method: 'POST',
    url: 'https://example.com/hook',
    headers: 'sealed',
    body: '{"a": 1}',
    expires_at: NOW + 10_000,
    ...change,
  });
  const of = (project_id: string, listener_id = 'lst_1') => ({ project_id, listener_id });

  test('a listener takes its own requests, whole, the oldest first, a few at a time', async () => {
    const { relays } = stores();
    const [project, other] = [freshProject().id, freshProject().id];
    const { title: _none, ...untitled } = requestOf(project, { id: '2', body: 'x'.repeat(20_000) });
    await relays.put(untitled);
    await relays.put(requestOf(project, { id: '3' }));
    await relays.put(requestOf(project));
    await relays.put(requestOf(project, { listener_id: 'lst_2' }));
    expect(await relays.take(of(other), NOW, 10)).toEqual([]);
    expect(await relays.take(of(project), NOW, 2)).toEqual([requestOf(project), untitled]);
    expect(await relays.take(of(project), NOW, 10)).toEqual([requestOf(project, { id: '3' })]);
    expect(await relays.take(of(project), NOW, 10)).toEqual([]);
  });

  test('each request is taken once, and none whose time is up', async () => {
    const { relays } = stores();
    const project = freshProject().id;
    for (const id of ['1', '2', '3']) await relays.put(requestOf(project, { id }));
    const taken = (await atOnce(4, () => relays.take(of(project), NOW, 10))).flat();
    expect(taken.map(({ id }) => id).sort()).toEqual(['1', '2', '3']);
    await relays.put(requestOf(project, { id: '4' }));
    expect(await relays.take(of(project), NOW + 10_000, 10)).toEqual([]);
  });

  test('the first answer counts, and none after the end of the request', async () => {
    const { relays } = stores();
    const project = freshProject().id;
    const request = requestOf(project);
    await relays.put(request);
    expect(await relays.answer(request, ANSWER)).toBe(false); // it is not taken yet
    expect(await relays.take(of(project), NOW, 10)).toEqual([request]);
    expect(await relays.answerTo(request)).toBeUndefined();
    const counted = await atOnce(4, (n) => relays.answer(request, { ...ANSWER, status: 200 + n }));
    expect(counted.filter(Boolean)).toHaveLength(1);
    const answer = { ...ANSWER, status: 200 + counted.indexOf(true) };
    expect(await relays.answerTo(request)).toEqual(answer);
    expect(await relays.remove(request)).toEqual(answer);
    expect(await relays.remove(request)).toBeUndefined();
    expect(await relays.answer(request, ANSWER)).toBe(false);
    expect(await relays.answerTo(request)).toBeUndefined();
  });

  test('a request that ended unanswered takes no answer', async () => {
    const { relays } = stores();
    const request = requestOf(freshProject().id);
    await relays.put(request);
    await relays.take(of(request.project_id), NOW, 10);
    expect(await relays.remove(request)).toBeUndefined();
    expect(await relays.answer(request, { error: 'ECONNREFUSED' })).toBe(false);
  });
}
