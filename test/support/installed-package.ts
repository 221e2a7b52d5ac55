import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { makePackage } from '../../lib/npm-package.js';

/** Installs the tarball of the npm package into an empty app, without its peers and its optional dependencies. */
export async function installPackage(app: string): Promise<void> {
  const npm = (...args: string[]) => execFileSync('npm', [...args, '--silent'], { cwd: app, encoding: 'utf8' });
  const folder = await makePackage(join(app, 'made'));
  const [packed] = JSON.parse(npm('pack', folder, '--json'));
  npm('init', '--yes');
  // It installs no other package, so that it needs no network.
  npm('install', '--offline', '--legacy-peer-deps', '--omit=optional', `./${packed.filename}`);
}
