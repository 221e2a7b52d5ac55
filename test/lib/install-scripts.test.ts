import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from '../../package-lock.json';

const read = (name: string) => readFileSync(join(__dirname, '../..', name), 'utf8');

test('no package runs a script at its installation, and each that would is named with what it would do', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  const withScript = Object.entries(packages as Record<string, { hasInstallScript?: boolean }>)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1)!);
  const [, section = ''] = read('docs/security.md').split('## The code that is installed');
  const rows = section.split('## ')[0]!.match(/^\| `.*$/gm) ?? [];
  const named = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual([...new Set(withScript)].sort());
});
