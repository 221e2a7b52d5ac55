import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { makeClientPackage } from '../../../lib/client-package.js';
import { median } from '../median.js';
import { table } from '../table.js';

export interface ClientReport {
  readonly installedKilobytes: number;
  /** Without the types, which no program loads. */
  readonly codeKilobytes: number;
  /** Processor time of a first `fetch`, to compare with. */
  readonly fetchMs: number;
  readonly modules: readonly {
    readonly name: string;
    /** Processor time to load the module into a new process, beside an empty module. */
    readonly importMs: number;
  }[];
}

const PROCESSES = 15;
const MODULES = ['punctual.mjs', 'punctual.js', 'testing.mjs', 'testing.js'];
const told = (load: string) =>
  `const start = process.cpuUsage(); ${load}; const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)`;
/** How a user's program loads each kind of module. */
const LOADS: Readonly<Record<string, readonly string[]>> = {
  '.mjs': ['--input-type=module', '--eval', told('await import(process.argv[1])')],
  '.js': ['--eval', told('require(process.argv[1])')],
};
/** A first request, which no program with a client is without. */
const FETCH = ['--input-type=module', '--eval', told("await fetch('data:,')")];
/** What the npm package of the client costs its user: size, and the time to load it beside an empty module. */
export function measureClient(): ClientReport {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-client-'));
  try {
    makeClientPackage(folder);
    const files = readdirSync(folder);
    const bytes = (names: readonly string[]) => names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    const empty = MODULES.map((name) => `empty${name.replace(/^\w+/, '')}`);
    for (const name of empty) writeFileSync(join(folder, name), '');
    const loaded = [...MODULES, ...empty].map((name) => join(folder, name));
    const [fetchMs, ...times] = loadTimes([FETCH, ...loaded.map((file) => [...LOADS[extname(file)]!, file])]);
    return {
      installedKilobytes: bytes(files) / 1024,
      codeKilobytes: bytes(files.filter((name) => /\.m?js$/.test(name))) / 1024,
      fetchMs: fetchMs!,
      modules: MODULES.map((name, at) => ({
        name,
        importMs: times[at]! - times[at + MODULES.length]!,
      })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function clientTable({ installedKilobytes, codeKilobytes, fetchMs, modules }: ClientReport): string {
  const rows = modules.map(({ name, importMs }) => [name, importMs.toFixed(1)]);
  const sizes = `installed ${installedKilobytes.toFixed(0)} KB, of which ${codeKilobytes.toFixed(0)} KB are code; a first fetch takes ${fetchMs.toFixed(1)} ms`;
  return `${table([['module', 'load ms'], ...rows])}\n${sizes}`;
}

/** The medians of new processes, in turns. */
function loadTimes(commands: readonly (readonly string[])[]): number[] {
  const rounds = Array.from({ length: PROCESSES }, () => commands.map(loadMs));
  return commands.map((_, at) => median(rounds.map((round) => round[at]!)));
}

function loadMs(args: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot load ${args.at(-1)}: ${stderr}`);
  return Number(stdout);
}
