import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FunctionDefinition } from '../../execution-environment.js';

export interface BundleCost {
  readonly name: string;
  readonly kilobytes: number;
  readonly gzippedKilobytes: number;
  /** Median over fresh processes. */
  readonly importMs: number;
}

const PROCESSES = 5;
const IMPORT = `const start = performance.now(); require(process.argv[1]); console.log(performance.now() - start); process.exit(0);`;

/** What a function's code weighs, and how long a new process takes to load it: most of a cold start that is ours. */
export function bundleCost({ name, code, environment }: FunctionDefinition): BundleCost {
  const file = join(code, 'handler.js');
  const bytes = readFileSync(file);
  const times = Array.from({ length: PROCESSES }, () => importMs(file, environment)).sort((a, b) => a - b);
  return {
    name,
    kilobytes: bytes.length / 1024,
    gzippedKilobytes: gzipSync(bytes).length / 1024,
    importMs: times[Math.floor(PROCESSES / 2)]!,
  };
}

function importMs(file: string, env: Readonly<Record<string, string>>): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', IMPORT, file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot load ${file}: ${stderr}`);
  return Number(stdout);
}
