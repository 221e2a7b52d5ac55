import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { endingProcess, type StartedProcess, startProcess } from '../support/started-process.js';

const folder = temporaryFolder();
const KEYS = ['api', 'operator_key', 'project_id', 'api_key', 'key_id', 'signing_secret', 'project_signing_secret'];
const URLS = ['dynamodb', 'sqs', 'scheduler', 'receiver'];

let running: StartedProcess | undefined;
afterEach(() => running?.stop('SIGKILL'));

async function create(api: HttpClient, path: string, body: object): Promise<string> {
  return expectStatus(await api.post(path, body), 201).body.id;
}

test('after kill -9 everything that was accepted reaches its end, under the same keys', async () => {
  const data = join(folder, 'killed');
  const first = await startProcess(data);
  running = first;
  const { ready } = first;
  expect(Object.keys(ready).sort()).toEqual([...KEYS, ...URLS, 'intake_queue', 'console_link'].sort());
  for (const name of ['api', ...URLS]) expect(ready[name]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(ready).toMatchObject({
    intake_queue: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\d{12}\/\w*IntakeQueue\w*$/),
    project_id: expect.stringMatching(/^proj_[0-9a-f]{32}$/),
    api_key: expect.stringMatching(/^sk_[0-9a-f]{64}$/),
    key_id: expect.stringMatching(/^ak_[0-9a-f]{32}$/),
    project_signing_secret: expect.stringMatching(/^whsec_/),
  });

  // A receiver of our own, which outlives the stack: the first try of each webhook fails where its path says so.
  const seen = new Map<string, number>();
  const receiver = await scriptedServer((request, response) => {
    const key = `${request.url} ${request.headers['webhook-id']}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (request.url === '/hangs-once' && seen.get(key) === 1) return; // never answered: its worker dies with the stack
    response.writeHead(request.url === '/fails-once' && seen.get(key) === 1 ? 503 : 200).end();
  });
  const calls = (path: string, id: string) => seen.get(`${path} ${id}`) ?? 0;
  try {
    const api = new HttpClient(ready['api']!, { 'x-api-key': ready['api_key']! });
    const policy = { name: 'soon', strategy: 'fixed', base_delay_seconds: 2, max_attempts: 3 };
    const retry_policy_id = await create(api, '/v1/retry-policies', policy);
    const endpoint = (path: string, timeout_ms = 10_000) =>
      create(api, '/v1/endpoints', { name: path, url: receiver.url + path, timeout_ms, retry_policy_id });
    const task = (endpoint_id: string, extra: object = {}) => create(api, '/v1/tasks', { endpoint_id, ...extra });
    const plain = await endpoint('/ok');

    const hanging = await task(await endpoint('/hangs-once', 1_000));
    await eventually('the hanging call is on its way', () => calls('/hangs-once', hanging) === 1);
    const failing = await task(await endpoint('/fails-once'));
    await eventually('a retry waits', async () => {
      const { body } = await api.get(`/v1/tasks/${failing}`);
      return body.status === 'retry_scheduled';
    });
    const delayed = await Promise.all([0, 1, 2, 3].map((n) => task(plain, { delay_seconds: 2 + n, payload: { n } })));
    const far = await task(plain, { delay_seconds: 3_600 });
    const batch = { tasks: Array.from({ length: 30 }, (_, n) => ({ endpoint_id: plain, payload: { n } })) };
    const accepted = expectStatus(await api.post('/v1/tasks/batch', batch), 200).body.data;
    expect(await first.stop('SIGKILL')).toBeNull();

    const second = await startProcess(data);
    running = second;
    const same = ({
      operator_key,
      project_id,
      api_key,
      key_id,
      signing_secret,
      project_signing_secret,
      receiver,
    }: typeof ready) => ({
      ...{ operator_key, project_id, api_key, key_id, signing_secret, project_signing_secret, receiver },
    });
    expect(same(second.ready)).toEqual(same(ready));
    const again = new HttpClient(second.ready['api']!, { 'x-api-key': ready['api_key']! });
    const reaches = (id: string, status: string) =>
      eventually(`${id} is ${status}`, async () => (await again.get(`/v1/tasks/${id}`)).body.status === status);

    const all = [hanging, failing, ...delayed, ...accepted.map(({ task }: { task: { id: string } }) => task.id)];
    for (const id of all) await reaches(id, 'success');
    expect(calls('/hangs-once', hanging)).toBe(2);
    expect(calls('/fails-once', failing)).toBe(2);
    for (const id of delayed) expect(calls('/ok', id)).toBe(1);
    expect((await again.get(`/v1/tasks/${far}`)).body.status).toBe('pending');
    expectStatus(await again.post(`/v1/tasks/${far}/cancel`), 200);
    const { body } = await again.get('/v1/tasks?page_size=100');
    expect(body.data).toHaveLength(all.length + 1);

    const refused = await endingProcess(['--port', '0', '--data', data]);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^\S+ is in use by another local stack \(process \d+ on \S+\): stop that one, or choose another --data\n$/,
    );

    expect(await second.stop('SIGTERM')).toBe(0);
    running = undefined;
  } finally {
    await receiver.close();
  }
}, 60_000);
