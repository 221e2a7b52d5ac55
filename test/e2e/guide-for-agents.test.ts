import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectStatus } from '../support/http-client.js';
import { runCommand } from '../support/run-command.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();
const GUIDE = readFileSync(join(__dirname, '../../docs/integrate.md'), 'utf8');
const [client, setup, receiver] = [...GUIDE.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

/** Runs modules of the guide with some lines of an application behind them; what these print, as JSON. */
async function application(lines: string, env: Record<string, string>, ...modules: string[]) {
  const code = [...modules, lines].join('\n');
  return JSON.parse(await runCommand(process.execPath, ['--input-type=module', '--eval', code], { env }));
}

test('it is served as it stands', async () => {
  const { stack } = await starting;
  const response = await fetch(`${stack.api}/llms.txt`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(await response.text()).toBe(GUIDE);
});

test('its client and its script work, and its receiver knows what is ours', async () => {
  const world = await starting;
  const env = { PUNCTUAL_URL: world.stack.api, PUNCTUAL_API_KEY: world.api.headers['x-api-key']! };
  const app = { ...env, APP_URL: `${world.stack.receiver}/ok?` };
  const script = setup!.replace(/console\.log\((.*?)\);/, '');
  const send = 'console.log(JSON.stringify([endpoint, await sendLater(endpoint.id, { a: "ü" }, undefined, "k")]));';
  const [endpoint, task] = await application(`${script}\n${send}`, app, client!);
  expect(expectStatus(await world.api.get('/v1/schedules'), 200).body.data).toMatchObject([{ name: 'nightly report' }]);
  await world.reached(task.id, 'success');

  const { headers, body } = (await world.received(task.id))[0]!;
  const delivery = `const headers = ${JSON.stringify(headers)}, body = Buffer.from(${JSON.stringify(body)});`;
  const checks = [
    'isFromPunctual(headers, body)',
    'isFromPunctual(headers, Buffer.from("{}"))',
    'isFromPunctual({ ...headers, "webhook-timestamp": "1" }, body)',
    'isFromPunctual({}, body)',
    'isFromPunctual(headers, body, "whsec_AAAA")',
  ];
  const secret = { PUNCTUAL_SIGNING_SECRET: endpoint.signing_secret };
  const verdicts = await application(`${delivery}console.log(JSON.stringify([${checks}]))`, secret, receiver!);
  expect(verdicts).toEqual([true, false, false, false, false]);
});
