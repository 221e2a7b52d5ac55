import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUNDLING, FUNCTION_NAMES } from './bundles.js';
import { CLI_BUNDLING } from './cli-bundle.js';
import { bundleConsole } from './console-bundle.js';
import { bundleDocs } from './docs-bundle.js';
import { CONSTRUCT_BUNDLING, LOCAL_BUNDLING } from './npm-package.js';

const ROOT = join(__dirname, '..');

/** A package of which something is in a bundle. */
interface Licensed {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly identifier: string;
  /** Its files LICENSE and NOTICE. */
  readonly text: string;
}

/** THIRD-PARTY-NOTICES.md: the licences of all packages that the functions, the construct and the pages bring with them. */
export async function thirdPartyNotices(): Promise<string> {
  const inConsole: Licensed[] = JSON.parse(readFileSync(join(await bundleConsole(), 'licenses.json'), 'utf8'));
  const inDocs: string[] = JSON.parse(readFileSync(join(await bundleDocs(), 'packages.json'), 'utf8'));
  const found = [...[...bundledPackages(), ...inDocs].map(licenceOf), ...inConsole].map((one) => ({
    ...one,
    text: tidy(one.text),
  }));
  const packages = [...new Map(found.map((one) => [titleOf(one), one])).values()].sort(byTitle);
  const texts = [...new Set(packages.map(({ text }) => text))];
  return [
    '# Third-party notices',
    'Punctual is under the MIT license (LICENSE). Its functions, its construct, its command line, its local stack, its console and its documentation contain parts of these packages. ' +
      'The reference of the API is a built file of Scalar; of what that file contains, Scalar publishes no list of licenses.',
    ['| package | license |', '|---|---|', ...packages.map((one) => `| ${titleOf(one)} | ${one.identifier} |`)].join(
      '\n',
    ),
    ...texts.map((text) => section(packages.filter((one) => one.text === text))),
  ].join('\n\n');
}

function section(packages: readonly Licensed[]): string {
  return `## ${packages.map(titleOf).join(', ')}\n\n\`\`\`text\n${packages[0]!.text}\n\`\`\`\n`;
}

/** Folders of the packages of which code is in the functions, the construct or the command line. */
function bundledPackages(): string[] {
  const functions = FUNCTION_NAMES.map((name) => `functions/${name}/handler.ts`);
  const files = [
    ...bundledFiles({ ...BUNDLING, entryPoints: functions, outdir: 'build' }),
    ...bundledFiles({ ...CONSTRUCT_BUNDLING, outdir: 'build' }),
    ...bundledFiles({ ...CLI_BUNDLING, outdir: 'build' }),
    ...bundledFiles({ ...LOCAL_BUNDLING, outdir: 'build' }),
  ];
  const folders = files.map((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

function bundledFiles(options: Parameters<typeof buildSync>[0]): string[] {
  const { metafile } = buildSync({ ...options, metafile: true, write: false });
  const inputs = Object.values(metafile!.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
}

function licenceOf(folder: string): Licensed {
  const { name, version, license, author } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const files = readdirSync(join(ROOT, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(ROOT, folder, file), 'utf8'));
  const without = `The package has no license file. Its package.json says: ${license}, by ${author.name ?? author}.`;
  return { name, version, identifier: license, text: texts.join('\n') || without };
}

const titleOf = ({ name, version }: Licensed) => `${name} ${version}`;
const byTitle = (one: Licensed, other: Licensed) => (titleOf(one) < titleOf(other) ? -1 : 1);
/** Of texts that differ in line ends and margins alone, one. */
const tidy = (text: string) =>
  text
    .replace(/\r\n/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
