import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectStatus } from '../support/http-client.js';
import { testWith } from '../support/run-command.js';
import { PastingShell, SHELLS, type Shell, shellBlocks } from '../support/shell-blocks.js';
import { suiteWorld } from '../support/suite-world.js';

const PAGES = join(__dirname, '../../docs/migrate');
const read = (page: string): string => readFileSync(join(PAGES, page), 'utf8');

const starting = suiteWorld();

/** They wait most of the time. */
const concurrent = (it: jest.It): jest.It => (it === test ? test.concurrent : it);

/** What each block of the page printed, pasted in order; none complains. */
async function pasted(shell: Shell, page: string): Promise<string[]> {
  const world = await starting;
  const { stack } = world;
  const { project, operator } = await world.newProject();
  const { key, id, signing_secret } = expectStatus(
    await operator.post(`/v1/projects/${project.id}/keys`, { label: 'reader' }),
    201,
  ).body;
  const env = { API: stack.api, RECEIVER: stack.receiver, KEY: key, KEY_ID: id, SIGNING_SECRET: signing_secret };
  const session = new PastingShell(shell, { env });
  const printed: string[] = [];
  try {
    for (const block of shellBlocks(read(page))) {
      const { stdout, stderr, failed } = await session.paste(block, 20_000);
      expect({ block, stderr, failed }).toEqual({ block, stderr: '', failed: [] });
      printed.push(stdout);
    }
  } finally {
    session.close();
  }
  return printed;
}

describe.each(SHELLS)('Pasted into %s', (shell) => {
  const testInShell = concurrent(testWith(shell, '-c', ':'));

  testInShell('the example of Dispatch’s page tells what it says', async () => {
    const [created, history, arrived, run, refused] = await pasted(shell, 'dispatch.md');
    expect(created).toMatch(/"title":"Trial expiry reminder".*"status":"SCHEDULED"/);
    expect(history).toMatch(/"status":"SUCCESS".*"logs":\[\{.*"responseCode":200/);
    const [{ headers, body }] = JSON.parse(arrived!);
    const { jobId, firedAt: _at, ...rest } = JSON.parse(body);
    expect(rest).toEqual({ title: 'Trial expiry reminder', payload: { userId: 'usr_812', plan: 'pro' } });
    expect(headers['x-dispatch-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect(JSON.parse(run!)).toMatchObject({
      id: `run_${jobId.replaceAll('-', '')}`,
      name: 'Trial expiry reminder',
      status: 'success',
    });
    expect(refused).toBe('{"status":false,"message":"Only scheduled jobs can be cancelled","data":null}');
  });

  testInShell('the example of Cron Service’s page tells what it says', async () => {
    const [created, ran, shown, changed] = await pasted(shell, 'cron-service.md');
    expect(created).toMatch(/"jobId":"job_[0-9a-f]{32}","name":"Refresh Cache"/);
    expect(ran).toMatch(/"executionId":"ex_[0-9a-f]{32}","trigger":"MANUAL"/);
    expect(ran).toMatch(/"result":"WAITING".*"result":"SUCCESS"/s);
    const [id] = /ak_[0-9a-f]{32}/.exec(shown!)!;
    expect(shown).toContain(`"signPayloads":true,"signingKeyId":"${id}"`);
    expect(shown).toMatch(new RegExp(`"id":"sch_.*"signing_key_id":"${id}"`, 's'));
    expect(JSON.parse(changed!).data).toMatchObject({ state: 'PAUSED', nextRunAt: null, signingKeyId: id });
  });

  testInShell('the example of QStash’s page tells what it says', async () => {
    const [created] = await pasted(shell, 'qstash.md');
    expect(created).toMatch(/"status":"pending".*"payload":\{"user":42\}/s);
  });

  concurrent(testWith(shell, '-c', 'command -v openssl'))(
    'the example of EdgeCron’s page tells what it says',
    async () => {
      const [, endpoint, task, event, deliveries, refused] = await pasted(shell, 'edgecron.md');
      expect(endpoint).toMatch(/"name":"billing-webhook".*"signing_secret":"whsec_/);
      expect(task).toMatch(/"status":"pending"/);
      expect(event).toMatch(/"event_name":"invoice.paid"/);
      const { data } = JSON.parse(deliveries!);
      expect(data.map(({ status }: { status: string }) => status)).toEqual(['success', 'success']);
      expect(refused).toContain('a string, as the API answered it, and no number.');
      expect(refused).toContain('Send cursor with the next_cursor of the page before');
    },
  );
});
