import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientsDocument } from '../../lib/clients-document.js';
import { answers } from './client.js';
import { doubleDefaults } from './double-defaults.js';
import { ownFolder, run } from './in-folder.js';
import { pythonWith } from './virtual-environment.js';

const CLIENTS = join(__dirname, '../../clients');
const PYTHON = 'python/punctual';
const GO = 'go/punctualtest';
const GENERATED = /^(python|go)\/.*(types\.(py|go)|double\.json|_sync\/\w+\.py)$/;
const GENERATORS = ['datamodel-code-generator==0.89.0', 'unasync==0.6.0'];
const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2';

const TYPED_DICTS = [
  '--input-file-type=openapi',
  '--output-model-type=typing.TypedDict',
  '--no-use-closed-typed-dict', // An answer may have more fields in a later release.
  '--target-python-version=3.11',
  '--use-union-operator',
  '--use-standard-collections',
  '--enum-field-as-literal=all',
  '--use-field-description',
  '--use-inline-field-description',
  '--formatters=builtin',
];
const GO_CONFIG = {
  package: 'punctual',
  generate: { models: true },
  compatibility: { 'always-prefix-enum-values': true },
  'output-options': {
    'skip-prune': true,
    'name-normalizer': 'ToCamelCaseWithInitialisms',
    'prefer-skip-optional-pointer-on-container-types': true,
  },
};
/** The package has its title in client.go. */
const withoutTitle = (types: string): string =>
  types.replace(/^\/\/ Package .*\n\/\/\n/, '').replace('DO NOT EDIT.\n', 'DO NOT EDIT.\n\n');

/** Makes the client that waits of the asynchronous one: without async and await, and without Async in names. */
const UNASYNC = `
import pathlib, re, sys, unasync
files = list(pathlib.Path(sys.argv[1]).glob("_async/*.py"))
names = {name: name[5:] for file in files for name in re.findall(r"\\bAsync[A-Z]\\w+", file.read_text())}
rule = unasync.Rule("/_async/", "/_sync/", {**names, "aclose": "close", "async_sleep": "sleep"})
unasync.unasync_files([str(file) for file in files], [rule])
`;

/**
 * Writes the generated files of the clients for Python and Go, and the defaults of their doubles.
 * @returns what was not written, and why
 */
export async function generate(): Promise<string[]> {
  const cwd = ownFolder('types');
  const { text, digest } = clientsDocument();
  const header = `Made by npm run clients:types of the OpenAPI document ${digest}; not to be edited.`;
  writeFileSync(join(cwd, 'clients.json'), text);
  const defaults = `${JSON.stringify(await doubleDefaults(), undefined, 2)}\n`;
  for (const folder of [PYTHON, GO]) writeFileSync(join(CLIENTS, folder, 'double.json'), defaults);
  return [
    await unlessMissing('Python', () => generatePython(cwd, header), 'python3', '-m', 'venv', '--help'),
    await unlessMissing('Go', () => generateGo(cwd, header), 'go', 'version'),
  ].flat();
}

async function unlessMissing(
  name: string,
  make: () => Promise<void>,
  ...probe: [string, ...string[]]
): Promise<string[]> {
  if (!answers(...probe)) return [`there is no ${name} here`];
  await make();
  return [];
}

async function generatePython(cwd: string, header: string): Promise<void> {
  const bin = await pythonWith('types', GENERATORS);
  const typed = ['--input', 'clients.json', '--output', 'made.py', '--custom-file-header', `# ${header}`];
  await run(join(bin, 'datamodel-codegen'), [...TYPED_DICTS, ...typed], { cwd });
  writeFileSync(join(CLIENTS, PYTHON, 'types.py'), forOlderPython(readFileSync(join(cwd, 'made.py'), 'utf8')));
  await run(join(bin, 'python'), ['-c', UNASYNC, join(CLIENTS, PYTHON)], { cwd });
}

async function generateGo(cwd: string, header: string): Promise<void> {
  writeFileSync(join(cwd, 'config.json'), JSON.stringify({ ...GO_CONFIG, output: 'types.go' }));
  await run('go', ['run', OAPI_CODEGEN, '-config', 'config.json', 'clients.json'], { cwd });
  const types = withoutTitle(readFileSync(join(cwd, 'types.go'), 'utf8'));
  writeFileSync(join(CLIENTS, 'go/types.go'), `// ${header}\n\n${types}`);
}

/** Python 3.10 has NotRequired and TypedDict of a later Python from typing_extensions. */
function forOlderPython(types: string): string {
  const imported = 'from typing import Any, Literal, NotRequired, TypeAlias, TypedDict\n';
  if (!types.includes(imported)) throw new Error('The generated types import other names than expected.');
  return types.replace(
    imported,
    'from typing import Any, Literal, TypeAlias\n\nfrom ._typing import NotRequired, TypedDict\n',
  );
}

/** @throws Error naming the generated files that were not those of today, and are now */
export async function renewGenerated(): Promise<void> {
  const before = contents();
  for (const missing of await generate()) console.log(`SKIPPED generated files: ${missing}`);
  const stale = Object.entries(contents()).filter(([file, text]) => before[file] !== text);
  if (stale.length > 0) throw new Error(`written anew, to be committed: ${stale.map(([file]) => file).join(', ')}`);
}

function contents(): Record<string, string> {
  const made = readdirSync(CLIENTS, { recursive: true, encoding: 'utf8' }).filter((file) => GENERATED.test(file));
  return Object.fromEntries(made.map((file) => [file, readFileSync(join(CLIENTS, file), 'utf8')]));
}
