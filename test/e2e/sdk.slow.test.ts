import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { verify } from '../../clients/typescript/punctual.js';
import { signedCall } from '../../clients/typescript/testing.js';
import { makeClientPackage } from '../../lib/client-package.js';
import { version } from '../../package.json';
import { temporaryFolder } from '../local/temporary-folder.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { pageOf } from '../support/page-examples.js';
import { runCommand } from '../support/run-command.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();
const folder = temporaryFolder();
const application = join(folder, 'application');
const BLOCKS = pageOf('sdk.md').blocks('js');
const block = (mark: string): string => BLOCKS.find((code) => code.includes(mark))!;

/** As a user does: packed, and installed into an empty folder, without a registry. */
beforeAll(async () => {
  mkdirSync(application);
  const made = makeClientPackage(join(folder, 'made'));
  const packed = await runCommand('npm', ['pack', '--json', '--pack-destination', folder, made]);
  const [{ filename }] = JSON.parse(packed);
  await runCommand('npm', ['init', '--yes'], { cwd: application });
  await runCommand('npm', ['install', '--offline', '--no-audit', join(folder, filename)], { cwd: application });
}, 120_000);

/** Runs a program in the user's folder; answers the lines that it printed. */
async function program(name: string, code: string, env: Record<string, string> = {}): Promise<string[]> {
  writeFileSync(join(application, name), code);
  const printed = await runCommand(process.execPath, [name], { cwd: application, env });
  return printed.trim().split('\n');
}

test('the package has the version of the service, and brings nothing else', () => {
  const { version: packaged, dependencies } = require(join(application, 'node_modules/punctual-client/package.json'));
  expect([packaged, dependencies]).toEqual([version, undefined]);
  const installed = readdirSync(join(application, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(installed).toEqual(['punctual-client']);
});

test('import and require give the same, and a class is one class for both modules', async () => {
  const look = (main: string, testing: string) => `
    console.log(Object.keys(${main}).filter((name) => name !== 'default' && name !== 'module.exports').sort().join());
    new ${testing}.PunctualDouble().tasks.get('run_1')
      .catch((error) => console.log(error instanceof ${main}.NotFoundError, new ${testing}.PunctualDouble() instanceof ${main}.Punctual));`;
  const required = `const main = require('punctual-client'), testing = require('punctual-client/testing');`;
  const imported = `import * as main from 'punctual-client'; import * as testing from 'punctual-client/testing';`;
  const byRequire = await program('look.cjs', required + look('main', 'testing'));
  expect(byRequire).toEqual([expect.stringContaining('NotFoundError,Pages,Punctual,PunctualError'), 'true true']);
  expect(await program('look.mjs', imported + look('main', 'testing'))).toEqual(byRequire);
});

test('its types hold for ES modules, for CommonJS, and for bundlers', async () => {
  const code = `
    import { type NewTask, Punctual, verify } from 'punctual-client';
    import { PunctualDouble } from 'punctual-client/testing';
    const punctual: Punctual = new PunctualDouble();
    export const task: NewTask = { endpoint_id: 'ep_1', run_at: new Date(), payload: { a: 1 } };
    export async function sizes(): Promise<number[]> {
      const run = await punctual.tasks.create(task);
      const attempts: number = run.attempt_count;
      for await (const { status } of punctual.deadLetters.list({ status: 'open' })) if (status === 'open') break;
      // @ts-expect-error no such field
      await punctual.tasks.create({ endpoint: 'ep_1' });
      // @ts-expect-error no such status
      punctual.tasks.list({ status: 'done' });
      return [attempts, (await verify(new Request('http://a.test'), ['s'])).attempt];
    }`;
  for (const name of ['typed.mts', 'typed.cts']) writeFileSync(join(application, name), code);
  const tsc = join(__dirname, '../../node_modules/typescript/bin/tsc');
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', '', '--lib', 'es2023,dom,dom.iterable'];
  const check = (...options: string[]) =>
    runCommand(process.execPath, [tsc, ...strict, ...options], { cwd: application });
  expect(await check('--module', 'nodenext', 'typed.mts', 'typed.cts').catch(({ stdout }) => stdout)).toBe('');
  const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', 'typed.mts'];
  expect(await check(...bundler).catch(({ stdout }) => stdout)).toBe('');
}, 120_000);

test('the calls of docs/sdk.md work against the service', async () => {
  const world = await starting;
  const died = await world.endpoint('/fail');
  const dead = await world.task(died.id);
  await world.deadLetter(dead);
  const calls = BLOCKS.slice(
    0,
    BLOCKS.findIndex((code) => code.includes('import { verify }')),
  );
  expect(calls.length).toBeGreaterThan(6);
  const env = {
    PUNCTUAL_URL: world.stack.api,
    PUNCTUAL_API_KEY: world.api.headers['x-api-key']!,
    HOOK_URL: `${world.stack.receiver}/ok`,
  };
  const printed = await program('calls.mjs', calls.join('\n'), env);
  expect(printed).toEqual([
    expect.stringMatching(/^ep_\w+ whsec_/),
    expect.stringMatching(/^run_/),
    expect.any(String),
    expect.stringMatching(/^attempts_exhausted \d{3}$/),
    expect.stringMatching(/^2 \w/),
    '2',
    'delivery_attempt success',
    expect.stringMatching(/^2[345]$/),
    expect.stringMatching(/^\d \d$/),
    'true',
    expect.stringMatching(/^\/?delay_seconds/),
    expect.stringMatching(/^\/?retry_policy_id/),
  ]);
  await eventually('the replay is tried', async () => (await world.run(dead)).attempt_count === 2 || undefined);
  expect(expectStatus(await world.api.get('/v1/schedules'), 200).body.data).toMatchObject([
    { name: 'hourly', key: 'hourly' },
    { name: 'nightly report' },
  ]);
});

describe('a receiver', () => {
  let server: Server;
  let url: string;
  const seen: unknown[][] = [];
  const console = { log: (...printed: unknown[]) => seen.push(printed) };
  const secrets: string[] = ['whsec_b3RoZXI='];

  beforeAll(async () => {
    const express = require('express');
    const app = express();
    new Function('app', 'express', 'verify', 'secrets', 'console', block('/hooks/express'))(
      app,
      express,
      verify,
      secrets,
      console,
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/express`;
  });
  afterAll(() => server.close());

  test('of Express knows the calls of the service, and refuses others', async () => {
    const world = await starting;
    const { id, signing_secret } = await world.endpoint(url);
    secrets.push(signing_secret);
    const run = await world.task(id, { payload: { ü: 1 } });
    await eventually('the call is there', async () => (seen.length > 0 ? true : undefined));
    expect(seen).toEqual([[run, 1, { ü: 1 }]]);
    const { headers, body } = await signedCall({ ü: 1 }, 'whsec_d3Jvbmc=');
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(401);
  });

  test('that gets a Request, as in Next.js, knows them too', async () => {
    const code = block('export async function POST').replace('export', 'return');
    const POST = new Function('verify', 'secrets', 'console', code)(verify, secrets, console);
    const { headers, body } = await signedCall({ a: 1 }, secrets[0]!);
    const request = (content: string) => new Request('http://a.test', { method: 'POST', headers, body: content });
    expect((await POST(request(body))).status).toBe(204);
    expect((await POST(request('{}'))).status).toBe(401);
    expect(seen.at(-1)).toEqual([headers['webhook-id'], 1, { a: 1 }]);
  });
});

test('the lines about the double work', async () => {
  const printed = await program('double.mjs', block('PunctualDouble'));
  expect(printed).toEqual([
    expect.stringMatching(/^\[ \{ endpoint_id: 'ep_1', payload: \{ invoice: 1 \} \} \] [0-9a-f-]{36}$/),
    'It has ended already.',
  ]);
});
