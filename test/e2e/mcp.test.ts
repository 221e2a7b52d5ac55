import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { temporaryFolder } from '../local/temporary-folder.js';
import { buildCommandLine } from '../support/command-line.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();
const folder = temporaryFolder();
const command = buildCommandLine(folder);
const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

/** An assistant, as the SDK's own client is one, at `punctual mcp` for a project of its own. */
async function assistant(...options: string[]) {
  const world = await starting;
  const { stack } = world;
  const { api } = await world.newProject();
  const env = { PUNCTUAL_URL: stack.api, PUNCTUAL_API_KEY: api.headers['x-api-key']!, HOME: folder };
  const transport = new StdioClientTransport({ command: process.execPath, args: [command, 'mcp', ...options], env });
  const client = new Client({ name: 'a test', version: '1' });
  await client.connect(transport);
  clients.push(client);
  const call = async (name: string, args: Record<string, unknown> = {}) => {
    const { content, isError = false } = await client.callTool({ name, arguments: args });
    const [{ text }] = content as [{ text: string }];
    return isError ? { refused: text } : JSON.parse(text);
  };
  return { client, call, receiver: stack.receiver };
}

test('without a flag there is only what reads', async () => {
  const { client, call } = await assistant();
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['search', 'inspect', 'list_tasks']));
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  expect((await call('list_tasks', { page_size: 5 })).data).toEqual([]);
  expect((await call('usage')).quotas).toBeDefined();
  await expect(call('send_task', { target: { url: 'https://example.com' } })).rejects.toThrow(
    'There is no tool send_task',
  );
});

test('with the flag a task is sent, awaited, found, inspected and sent again', async () => {
  const { client, call, receiver } = await assistant('--allow-writes');
  const { tools } = await client.listTools();
  expect(tools.find(({ name }) => name === 'send_task')?.annotations?.readOnlyHint).toBe(false);
  const labels = { customer: '42' };
  const { id } = await call('send_task', { target: { url: `${receiver}/ok` }, payload: { a: 1 }, labels });
  expect(await call('wait_for_task', { id })).toMatchObject({ id, status: 'success' });
  expect(await call('search', { q: 'customer:42' })).toMatchObject([{ id, kind: 'task', by: 'label' }]);
  expect(await call('inspect', { id })).toMatchObject({ payload: { a: 1 }, attempts: [{ http_status: 200 }] });
  expect(await call('resend_task', { id, payload: { a: 2 } })).toMatchObject({ resent_from: id, payload: { a: 2 } });
  const schedule = { name: 'nightly', cron: '0 3 * * *', target: { url: `${receiver}/ok` } };
  const made = await call('create_schedule', schedule);
  expect(await call('set_schedule_status', { id: made.id, status: 'paused' })).toMatchObject({ status: 'paused' });
});

test('what the API refuses is told, with all that is wrong', async () => {
  const { call } = await assistant('--allow-writes');
  expect(await call('inspect', { id: `run_${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}` })).toEqual({
    refused: expect.stringContaining('There is no such object.'),
  });
  const { refused } = await call('send_task', { endpoint: 'ep_1', delay_seconds: -1 });
  expect(refused).toMatch(/endpoint: .*delay_seconds: |delay_seconds: .*endpoint: /);
  expect(await call('list_tasks', { colour: 'red' })).toMatchObject({ refused: expect.stringContaining('colour') });
});
