import type { LoopbackServer } from '../../local/loopback-server.js';
import { type Received, startReceiver } from '../../local/receiver.js';

let receiver: LoopbackServer;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const call = async (path: string, webhookId = 'run_1', init: RequestInit = {}) =>
  (await fetch(receiver.url + path, { method: 'POST', headers: { 'webhook-id': webhookId }, ...init })).status;
const received = async (query = ''): Promise<Received[]> =>
  (await fetch(`${receiver.url}/received${query}`)).json() as never;

test('targets answer as their path says', async () => {
  expect(await call('/ok')).toBe(200);
  expect(await call('/ok', 'run_1', { method: 'PUT' })).toBe(200);
  expect(await call('/fail/503')).toBe(503);
  expect(await call('/fail/410')).toBe(410);
  expect(await call('/nowhere')).toBe(404);
  expect(await call('//')).toBe(404);
  expect(await call('/fail/99')).toBe(404);
});

test('/flaky/2 fails twice per webhook-id', async () => {
  const statuses = [];
  for (const id of ['a', 'a', 'b', 'a', 'b', 'b', 'a']) statuses.push(`${id}${await call('/flaky/2', id)}`);
  expect(statuses).toEqual(['a503', 'a503', 'b503', 'a200', 'b503', 'b200', 'a200']);
});

test('/slow/150 takes its time', async () => {
  const start = performance.now();
  expect(await call('/slow/150')).toBe(200);
  expect(performance.now() - start).toBeGreaterThanOrEqual(149);
});

test('/received lists what came, newest last, on request only one delivery', async () => {
  await call('/ok?x=1', 'run_1', { body: '{"ü":1}' });
  await call('/fail/500', 'run_2');
  expect(await received()).toMatchObject([
    { method: 'POST', path: '/ok?x=1', body: '{"ü":1}', headers: { host: expect.any(String) } },
    { path: '/fail/500', headers: { 'webhook-id': 'run_2' } },
  ]);
  const [only, ...others] = await received('?webhook_id=run_2');
  expect([only?.path, others.length]).toEqual(['/fail/500', 0]);
  expect(Math.abs(Date.parse(only!.received_at) - Date.now())).toBeLessThan(5_000);
});

test('/received remembers the last 1,000', async () => {
  for (let from = 0; from < 1_010; from += 101) {
    await Promise.all(Array.from({ length: 101 }, (_, n) => call(`/ok?n=${from + n}`)));
  }
  const all = await received();
  expect(all).toHaveLength(1_000);
  expect(all.at(-1)?.path).toMatch(/n=(909|9[1-9]\d|100\d)$/);
});

test('/received is a page in a browser, on which what arrived is text', async () => {
  await call('/ok?<i>', 'run_1', {
    body: '{"a":"<script>1</script>"}',
    headers: { 'webhook-id': 'run_"1', 'punctual-attempt': '2' },
  });
  await call('/fail/500', 'run_2');
  const page = async (query = '') =>
    (await fetch(`${receiver.url}/received${query}`, { headers: { accept: 'text/html,*/*;q=0.8' } })).text();
  const all = await page();
  expect(all).toContain('2 requests');
  expect(all.indexOf('/fail/500')).toBeLessThan(all.indexOf('/ok?'));
  expect(all).toContain('{&quot;a&quot;:&quot;&lt;script&gt;1&lt;/script&gt;&quot;}');
  expect(all).toContain('attempt 2');
  expect(all).not.toMatch(/<script>1|<i>|run_"1/);
  const [, one] = /href="\/received(\?webhook_id=run_%221)"/.exec(all)!;
  expect(await page(one)).toContain('1 request of run_&quot;1');
});
