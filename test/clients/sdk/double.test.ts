import { ApiError, NotFoundError } from '../../../clients/typescript/punctual.js';
import { PunctualDouble } from '../../../clients/typescript/testing.js';
import { DEFAULT_RETRY_POLICY } from '../../../functions/subjects/retry-policies/retry-policy.js';
import { assertDocumented } from '../../support/documented.js';

const shown = async (method: string, path: string, status: number, answer: Promise<unknown>) => {
  const body = await answer;
  const headers: Record<string, string> = { 'content-type': 'application/json', location: 'there' };
  assertDocumented(method, path, { status, text: JSON.stringify(body) ?? '', header: (name) => headers[name] });
  return body as { id: string };
};

test('its answers are those of the document', async () => {
  const double = new PunctualDouble();
  const policy = await shown(
    'POST',
    '/v1/retry-policies',
    201,
    double.retryPolicies.create({ name: 'twice', max_attempts: 2 }),
  );
  const endpoint = await shown(
    'POST',
    '/v1/endpoints',
    201,
    double.endpoints.create({ name: 'e', url: 'https://a.example', retry_policy_id: policy.id }),
  );
  await shown('GET', `/v1/endpoints/${endpoint.id}`, 200, double.endpoints.get(endpoint.id));
  await shown('PATCH', `/v1/endpoints/${endpoint.id}`, 200, double.endpoints.update(endpoint.id, { status: 'paused' }));
  await shown('POST', `/v1/endpoints/${endpoint.id}/rotate-secret`, 200, double.endpoints.rotateSecret(endpoint.id));
  const run = await shown(
    'POST',
    '/v1/tasks',
    201,
    double.tasks.create({ target: { url: 'https://a.example' }, delay_seconds: 5 }),
  );
  await shown(
    'POST',
    '/v1/tasks/batch',
    200,
    double.tasks.batch([{ endpoint_id: endpoint.id }, { run_at: new Date(0) }]),
  );
  await shown('GET', `/v1/tasks/${run.id}`, 200, double.tasks.get(run.id));
  await shown('GET', '/v1/tasks', 200, double.tasks.list().page());
  const event = await shown('POST', '/v1/events', 202, double.events.publish({ event_name: 'a.b', payload: 1 }));
  await shown('GET', `/v1/events/${event.id}`, 200, double.events.get(event.id));
  await shown('GET', '/v1/events', 200, double.events.list().page());
  const schedule = await shown(
    'POST',
    '/v1/schedules',
    201,
    double.schedules.create({ name: 's', cron: '0 3 * * *', endpoint_id: endpoint.id, start_at: 0 }),
  );
  await shown('GET', '/v1/schedules', 200, double.schedules.list().page());
  await shown('POST', `/v1/schedules/${schedule.id}/run`, 202, double.schedules.run(schedule.id));
  await shown('GET', `/v1/schedules/${schedule.id}/runs`, 200, double.schedules.runs(schedule.id).page());
  double.end(run.id, 'dead_letter');
  const [letter] = (await double.deadLetters.list({ status: 'open' }).page()).data;
  await shown('GET', '/v1/dead-letters', 200, double.deadLetters.list().page());
  await shown('POST', `/v1/dead-letters/${letter!.id}/replay`, 202, double.deadLetters.replay(letter!.id));
  await shown(
    'POST',
    `/v1/dead-letters/${letter!.id}/resolve`,
    200,
    double.deadLetters.resolve(letter!.id, { note: 'n' }),
  );
});

test('it records each call once, with its Idempotency-Key, and repeats the first answer under that key', async () => {
  const double = new PunctualDouble();
  double.failNext(503);
  const first = await double.tasks.create({ endpoint_id: 'ep_1', payload: { a: 1 } }, { idempotencyKey: 'k' });
  const again = await double.tasks.create({ endpoint_id: 'ep_1', payload: { a: 1 } }, { idempotencyKey: 'k' });
  await double.tasks.batch([{ endpoint_id: 'ep_2' }]);
  expect(again).toEqual(first);
  expect(double.sentTasks).toEqual([{ endpoint_id: 'ep_1', payload: { a: 1 } }, { endpoint_id: 'ep_2' }]);
  expect(double.sent[0]).toEqual({
    method: 'POST',
    path: '/v1/tasks',
    body: { endpoint_id: 'ep_1', payload: { a: 1 } },
    idempotencyKey: 'k',
  });
});

test('lists are newest first, with filters and pages', async () => {
  const double = new PunctualDouble();
  for (const name of ['a', 'b', 'c']) await double.tasks.create({ name, endpoint_id: name === 'b' ? 'ep_2' : 'ep_1' });
  const page = await double.tasks.list({ page_size: 2 }).page();
  expect(page.data.map(({ name }) => name)).toEqual(['c', 'b']);
  const names: unknown[] = [];
  for await (const { name } of double.tasks.list({ endpoint_id: 'ep_1', page_size: 1 })) names.push(name);
  expect(names).toEqual(['c', 'a']);
  await double.tasks.create({ name: 'd', labels: { team: 'a', customer: '1' } });
  const labelled = async (...label: string[]) => (await double.tasks.list({ label }).page()).data.length;
  expect([await labelled('team:a', 'customer:1'), await labelled('team:a', 'customer:2')]).toEqual([1, 0]);
});

test('a retry policy has the defaults of the service', async () => {
  const policy = await new PunctualDouble().retryPolicies.create({ name: 'default' });
  expect(policy).toMatchObject(DEFAULT_RETRY_POLICY);
});

test('a cancelled run stays cancelled, and what is not there is a 404', async () => {
  const double = new PunctualDouble();
  const { id } = await double.tasks.create({});
  expect(await double.tasks.cancel(id)).toMatchObject({ status: 'cancelled' });
  await expect(double.tasks.cancel(id)).rejects.toThrow('The task run is cancelled already.');
  await double.schedules.delete((await double.schedules.create({ name: 's' })).id);
  expect((await double.schedules.list().page()).data).toEqual([]);
  await expect(double.tasks.get('run_2')).rejects.toBeInstanceOf(NotFoundError);
  await expect(double.usage()).rejects.toBeInstanceOf(ApiError);
});

test('what is put by a key is there once, and found by the begin of the key', async () => {
  const double = new PunctualDouble();
  const put = (status: number, url: string) =>
    shown('PUT', '/v1/endpoints/by-name/billing', status, double.endpoints.put('billing', { url }));
  const { id } = await put(201, 'https://a.example');
  await double.endpoints.update(id, { status: 'paused' });
  expect(await put(200, 'https://b.example')).toMatchObject({ id, url: 'https://b.example', status: 'paused' });
  await shown('PUT', '/v1/schedules/by-name/s', 201, double.schedules.put('s', { cron: '0 3 * * *', endpoint_id: id }));
  await shown('PUT', '/v1/retry-policies/by-name/p', 201, double.retryPolicies.put('p', {}));
  await shown('GET', '/v1/endpoints/by-name/billing', 200, double.endpoints.getByKey('billing'));
  const found = (await shown(
    'GET',
    '/v1/search?q=bill',
    200,
    double.search('bill').then((data) => ({ data })),
  )) as object;
  expect(found).toMatchObject({ data: [{ id, by: 'key', kind: 'endpoint' }] });
  await double.endpoints.deleteByKey('billing');
  await expect(double.endpoints.getByKey('billing')).rejects.toBeInstanceOf(NotFoundError);
});

test('a search finds by names, but no run that has the name of its schedule', async () => {
  const double = new PunctualDouble();
  const { id } = await double.schedules.create({ name: 'nightly', cron: '0 3 * * *' });
  await double.schedules.run(id);
  await double.tasks.create({ name: 'reminder' });
  const found = async (q: string) => (await double.search(q)).map(({ kind, by }) => `${kind} ${by}`);
  expect([await found('night'), await found('remind')]).toEqual([['schedule name'], ['task name']]);
});

test('a run is awaited, sent again, and many are cancelled, replayed and resolved', async () => {
  const double = new PunctualDouble();
  const { id } = await double.tasks.create({ endpoint_id: 'ep_01890000000070008000000000000000', payload: { n: 1 } });
  await expect(double.tasks.resend(id)).rejects.toThrow('The task run is pending.');
  double.end(id, 'dead_letter');
  expect(await shown('GET', `/v1/tasks/${id}/wait`, 200, double.tasks.wait(id))).toMatchObject({
    status: 'dead_letter',
  });
  const again = await shown('POST', `/v1/tasks/${id}/resend`, 201, double.tasks.resend(id, { payload: { n: 2 } }));
  expect(again).toMatchObject({ resent_from: id, payload: { n: 2 }, status: 'pending' });
  await shown('POST', '/v1/dead-letters/replay', 200, double.deadLetters.replayAll({ dry_run: true }));
  await shown('POST', '/v1/dead-letters/replay', 202, double.deadLetters.replayAll({}));
  double.end(id, 'dead_letter');
  const note = { reason: 'attempts_exhausted', note: 'n' } as const;
  expect((await double.deadLetters.resolveAll({ ...note, dry_run: true })).count).toBe(1);
  expect((await double.deadLetters.resolveAll(note)).done).toBe(1);
  const labels = { team: 'a' };
  await double.tasks.create({ labels, target: { url: 'https://a.example' } });
  const job = await shown('POST', '/v1/tasks/cancel', 202, double.tasks.cancelAll({ labels }));
  expect(await shown('GET', `/v1/bulk-jobs/${job.id}`, 200, double.bulkJob(job.id))).toMatchObject({ done: 1 });
  expect((await double.tasks.list({ status: 'cancelled' }).page()).data).toHaveLength(1);
  const { id: schedule } = await double.schedules.create({ name: 's', cron: '0 3 * * *', endpoint_id: 'ep_1' });
  const missed = double.schedules.backfill(schedule, { from: new Date(), dry_run: true });
  expect(await shown('POST', `/v1/schedules/${schedule}/backfill`, 200, missed)).toMatchObject({ dry_run: true });
});

test('the feed tells the runs that have changed, as they are now', async () => {
  const double = new PunctualDouble();
  const { id } = await double.tasks.create({ labels: { team: 'a' } });
  await double.tasks.create({ labels: { team: 'b' } });
  const told: unknown[] = [];
  for await (const change of double.feed({ label: ['team:a'], type: 'task_run' }, { everyMs: 1 })) {
    told.push([change.data.id, change.data.status, 'version' in change && change.version]);
    if (told.length === 1) double.end(id, 'success');
    else break;
  }
  expect(told).toEqual([
    [id, 'pending', 1],
    [id, 'success', 2],
  ]);
});
