import './text-files.js';

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApiText } from '../../lib/bundles.js';
import { command, runCommand } from '../../local/command.js';
import { startLocalStack } from '../../local/local-stack.js';
import type { Client } from './client.js';
import { frameworks } from './frameworks.js';
import { renewGenerated } from './generated.js';
import { go } from './go.js';
import { lint } from './linter.js';
import { python } from './python.js';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.js';
import { checkSdk, type Sdk } from './sdk.js';
import { goSdk } from './sdk-go.js';
import { pythonSdk } from './sdk-python.js';
import { typescript } from './typescript.js';

const CLIENTS: readonly Client[] = [typescript, python, go];
const SDKS: readonly Sdk[] = [pythonSdk, goSdk];

/**
 * `npm run clients:check`: lints the OpenAPI document, generates a client of it in each language, compiles them strictly,
 * and lets each call every operation of a local stack once; runs the receivers of docs/sdk.md in their frameworks; builds,
 * installs and holds the clients for Python and Go against the table of behaviour and the local stack. Where a toolchain
 * is missing it says so. Names choose some of the checks.
 */
async function main(_options: unknown, names: readonly string[]): Promise<void> {
  const isChosen = ({ name }: { name: string }) => names.length === 0 || names.includes(name);
  const data = mkdtempSync(join(tmpdir(), 'punctual-clients-'));
  const document = join(data, 'openapi.json');
  writeFileSync(document, JSON.stringify(JSON.parse(openApiText()), undefined, 2));
  const errors: string[] = [];
  const stack = await startLocalStack({
    data: join(data, 'stack'),
    log: (_source, line) => {
      if (line.includes('"level":"ERROR"')) errors.push(line);
    },
  });
  const proxy = await startRecordingProxy(stack.api);
  const env = { API: proxy.url, RECEIVER: stack.receiver, OPERATOR_KEY: stack.operatorKey };
  try {
    const found: boolean[] = [];
    const checks = [
      { name: 'redocly', check: () => lint(document) },
      { name: 'receivers in Fastify and Hono', check: frameworks },
      { name: 'generated files', check: renewGenerated },
    ];
    for (const { name, check } of checks.filter(isChosen)) found.push(await told(name, check));
    for (const client of CLIENTS.filter(isChosen)) {
      const missing = client.whatIsMissing();
      if (missing !== undefined) console.log(`SKIPPED ${client.name}: ${missing}`);
      else found.push(await told(client.name, () => checked(client, document, env, proxy)));
    }
    for (const sdk of SDKS.filter(isChosen)) {
      const missing = sdk.whatIsMissing();
      if (missing !== undefined) console.log(`SKIPPED ${sdk.name}: ${missing}`);
      else found.push(await told(sdk.name, () => checkSdk(sdk, stack, proxy)));
    }
    for (const line of errors) console.log(line);
    if (found.length === 0) console.log(`no check is named ${names.join(' or ')}`);
    if (!found.includes(true) || found.includes(false) || errors.length > 0) process.exitCode = 1;
  } finally {
    await proxy.close();
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function checked(client: Client, document: string, env: Record<string, string>, proxy: RecordingProxy) {
  await client.check(document, env);
  const uncalled = proxy.uncalled();
  const faults = proxy.faults.splice(0);
  if (uncalled.length > 0) faults.push(`not called, or not with success: ${uncalled.join(', ')}`);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

async function told(what: string, check: () => Promise<void>): Promise<boolean> {
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  try {
    await check();
    console.log(`passed  ${what} (${seconds()})`);
    return true;
  } catch (error) {
    console.log(`FAILED  ${what} (${seconds()}): ${(error as Error).message}`);
    return false;
  }
}

runCommand(
  command(
    'npm run clients:check',
    'Generates clients of the API in three languages, and lets each call every operation.',
  ).argument('[names...]', 'only these checks, such as oapi-codegen'),
  main,
);
