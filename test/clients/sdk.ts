import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOfClients } from '../../lib/clients-document.js';
import type { LocalStack } from '../../local/local-stack.js';
import { newProject, Tenant } from '../support/tenant.js';
import { differences, table } from './behaviour/check.js';
import { startScriptedApi } from './behaviour/scripted-api.js';
import type { RecordingProxy } from './recording-proxy.js';

/** A client of ours, installed as its users install it. */
export interface Sdk {
  readonly name: string;
  /** Why it cannot be checked here; undefined when it can. */
  whatIsMissing(): string | undefined;
  /** Builds, installs and compiles it in a folder of its own, with the programs and the examples of its page. */
  install(): Promise<string>;
  /** Ways in which it is called: for Python by the client that waits, and by the asynchronous one. */
  readonly kinds: readonly string[];
  /** Prints what came of the table in this file. */
  behave(kind: string, file: string): Promise<string>;
  /** Runs a program: every-method; doubles, which tries the double; calls, receive and double are the examples of its page. */
  run(
    program: 'every-method' | 'doubles' | 'calls' | 'receive' | 'double',
    env: Readonly<Record<string, string>>,
  ): Promise<string>;
}

const SECRET = 'whsec_YSBzZWNyZXQ=';

/** Holds a client against the table of behaviour, and against a running API, by all of its methods. @throws Error with what is wrong */
export async function checkSdk(sdk: Sdk, stack: LocalStack, proxy: RecordingProxy): Promise<void> {
  const folder = await sdk.install();
  await sdk.run('doubles', {});
  const wrong = [
    ...(await behaviour(sdk, folder)),
    ...(await everyMethod(sdk, stack, proxy)),
    ...(await examples(sdk, stack)),
  ];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

async function behaviour(sdk: Sdk, folder: string): Promise<string[]> {
  const server = await startScriptedApi();
  const wrong: string[] = [];
  try {
    for (const kind of sdk.kinds) {
      const file = join(folder, `${kind}.json`);
      writeFileSync(file, JSON.stringify(table(server.url, kind)));
      const outcomes = JSON.parse(await sdk.behave(kind, file));
      wrong.push(...differences(outcomes, server, kind).map((line) => `${kind}: ${line}`));
    }
    return wrong;
  } finally {
    await server.close();
  }
}

async function everyMethod(sdk: Sdk, stack: LocalStack, proxy: RecordingProxy): Promise<string[]> {
  const { api } = await newProject(stack.api, stack.operatorKey);
  proxy.uncalled();
  await sdk.run('every-method', environment(proxy.url, api.headers['x-api-key']!, stack));
  const uncalled = proxy.uncalled().filter((row) => isOfClients(row.split(' ')[1]!));
  return [...proxy.faults.splice(0), ...uncalled.map((row) => `no method called ${row} with success`)];
}

/** The examples of its page find an open dead letter, and print these lines. */
async function examples(sdk: Sdk, stack: LocalStack): Promise<string[]> {
  const access = await newProject(stack.api, stack.operatorKey);
  const tenant = new Tenant(access);
  const { id } = await tenant.endpoint(`${stack.receiver}/fail`);
  await tenant.deadLetter(await tenant.task(id));
  const env = { ...environment(stack.api, access.api.headers['x-api-key']!, stack), SIGNING_SECRET: SECRET };
  const lines = async (program: Parameters<Sdk['run']>[0]) => (await sdk.run(program, env)).trim().split('\n');
  const { body } = await access.api.get('/v1/schedules');
  return [
    ...unlike(await lines('calls'), [
      /^ep_\w+ whsec_/,
      /^run_\w+$/,
      /./,
      ...(sdk.kinds.includes('async') ? [/^\d+$/] : []),
      /^attempts_exhausted 1$/,
      /^2 \w+$/,
      /^[12]$/,
      /^delivery_attempt \w+$/,
      /^true$/i,
      /^\/?delay_seconds /,
      /^\/?retry_policy_id /,
    ]),
    ...unlike((await lines('receive')).slice(-1), [/^204 401( 204 401)?$/]),
    ...unlike(await lines('double'), [/invoice/, /It has ended already\./]),
    ...(body.data.length === 0 ? [] : ['there was a schedule before the examples']),
  ];
}

const environment = (url: string, key: string, stack: LocalStack) => ({
  PUNCTUAL_URL: url,
  PUNCTUAL_API_KEY: key,
  RECEIVER: stack.receiver,
  HOOK_URL: `${stack.receiver}/ok`,
});

function unlike(printed: readonly string[], expected: readonly RegExp[]): string[] {
  const isSo = printed.length === expected.length && expected.every((line, at) => line.test(printed[at]!));
  return isSo ? [] : [`an example printed ${JSON.stringify(printed)} instead of ${expected.join(' ')}`];
}
