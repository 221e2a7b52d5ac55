import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** node-oidc-provider, as a stage's setting names it: `ada` is an admin, `bob` sees one project, `eve` has no role. */
export async function startRealProvider() {
  // Its warnings are about what a provider in production needs.
  const child = spawn(process.execPath, [join(__dirname, 'oidc-provider-process.mjs')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [issuer] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const roles = { admins: { '*': 'admin' }, billing: { proj_0199c0de000070008000000000000000: 'viewer' } } as const;
  const settings = { issuer, clientId: 'punctual', roles, label: 'Example', scopes: ['openid', 'email'] };
  return { settings, close: () => child.kill() };
}
