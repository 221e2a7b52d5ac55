import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeClientPackage } from '../../lib/client-package.js';
import { pageOf } from '../support/page-examples.js';
import { ownFolder, run } from './in-folder.js';

const PACKAGES = ['fastify@5.12.8', 'hono@4.13.19'];
const SECRET = 'whsec_YSBzZWNyZXQ=';

/** The receivers of docs/sdk.md in Fastify and in Hono: a signed call is answered 204, a changed one 401. @throws Error with the statuses */
export async function frameworks(): Promise<void> {
  const cwd = ownFolder('frameworks');
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', ...PACKAGES], { cwd });
  makeClientPackage(join(cwd, 'client'));
  writeFileSync(join(cwd, 'receivers.js'), program());
  const printed = await run(process.execPath, ['receivers.js'], { cwd });
  const statuses = printed.trim().split('\n').at(-1);
  if (statuses !== '204 401 204 401') throw new Error(`Fastify and Hono answered ${statuses}, not 204 401 204 401`);
}

function program(): string {
  const blocks = pageOf('sdk.md').blocks('js');
  const block = (path: string): string => blocks.find((code) => code.includes(`'/hooks/${path}'`))!;
  return `
    import Fastify from 'fastify';
    import { Hono } from 'hono';
    import { verify } from './client/punctual.mjs';
    import { signedCall } from './client/testing.mjs';
    const [fastify, hono, secrets] = [Fastify(), new Hono(), ['${SECRET}']];
    ${block('fastify')}
    ${block('hono')}
    const { headers, body } = await signedCall({ a: 'ü' }, secrets[0]);
    const statuses = [];
    for (const payload of [body, '{}'])
      statuses.push((await fastify.inject({ method: 'POST', url: '/hooks/fastify', headers, payload })).statusCode);
    for (const content of [body, '{}'])
      statuses.push((await hono.request('/hooks/hono', { method: 'POST', headers, body: content })).status);
    console.log(statuses.join(' '));`;
}
