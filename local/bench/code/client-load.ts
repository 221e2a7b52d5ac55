import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeClientPackage } from '../../../lib/client-package.js';
import { median } from '../median.js';
import { table } from '../table.js';

export interface ClientReport {
  readonly installedKilobytes: number;
  /** Without the types, which no program loads. */
  readonly codeKilobytes: number;
  readonly modules: readonly {
    readonly name: string;
    readonly gzippedKilobytes: number;
    /** Processor time to load the module into a new process that has used `fetch`. */
    readonly importMs: number;
  }[];
}

const PROCESSES = 15;
const MODULES = ['punctual.mjs', 'punctual.js', 'testing.mjs', 'testing.js'];
/** Node loads its `fetch` at the first use, and every client needs it. */
const IMPORT = `void fetch; const start = process.cpuUsage();
  await import(process.argv[1]); const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)`;

/** What the npm package of the client costs its user: size, and the time to load it beside an empty module. */
export function measureClient(): ClientReport {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-client-'));
  try {
    makeClientPackage(folder);
    const files = readdirSync(folder);
    const bytes = (names: readonly string[]) => names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    const empty = MODULES.map((name) => `empty${name.replace(/^\w+/, '')}`);
    for (const name of empty) writeFileSync(join(folder, name), '');
    const times = importTimes([...MODULES, ...empty].map((name) => join(folder, name)));
    return {
      installedKilobytes: bytes(files) / 1024,
      codeKilobytes: bytes(files.filter((name) => /\.m?js$/.test(name))) / 1024,
      modules: MODULES.map((name, at) => ({
        name,
        gzippedKilobytes: gzipSync(readFileSync(join(folder, name))).length / 1024,
        importMs: times[at]! - times[at + MODULES.length]!,
      })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function clientTable({ installedKilobytes, codeKilobytes, modules }: ClientReport): string {
  const rows = modules.map(({ name, gzippedKilobytes, importMs }) => [
    name,
    gzippedKilobytes.toFixed(1),
    importMs.toFixed(1),
  ]);
  const sizes = `installed ${installedKilobytes.toFixed(0)} KB, of which ${codeKilobytes.toFixed(0)} KB are code`;
  return `${table([['module', 'KB gzipped', 'import ms beside fetch'], ...rows])}\n${sizes}`;
}

/** The median load time of each file, in new processes in turns. */
function importTimes(files: readonly string[]): number[] {
  const rounds = Array.from({ length: PROCESSES }, () => files.map(importMs));
  return files.map((_, at) => median(rounds.map((round) => round[at]!)));
}

function importMs(file: string): number {
  const args = ['--input-type=module', '--eval', IMPORT, file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot load ${file}: ${stderr}`);
  return Number(stdout);
}
