import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median } from '../median.js';
import { type CodeEntry, sdkAlone } from './sdk-alone.js';

export interface LoadReport {
  readonly name: string;
  readonly kilobytes: number;
  readonly gzippedKilobytes: number;
  /** Of the processor, to load the bundle into a new process; on an idle machine that is the time it takes. */
  readonly importMs: number;
  /** The same for nothing but what the function uses of the SDK. */
  readonly sdkMs: number;
  /** The one over the other. */
  readonly ratio: number;
}

const PROCESSES = 9;
const IMPORT = `const start = process.cpuUsage(); require(process.argv[1]);
const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000); process.exit(0);`;

/** What a function's code weighs, and how long a new process takes to load it: most of a cold start that is ours. */
export function measureLoad(entry: CodeEntry): LoadReport {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-sdk-'));
  try {
    const bundle = join(entry.code, 'handler.js');
    const sdk = join(folder, 'sdk.js');
    writeFileSync(sdk, sdkAlone(entry));
    const [own, bare]: number[][] = [[], []];
    for (let n = 0; n < PROCESSES; n++) {
      own!.push(importMs(bundle, entry.environment));
      bare!.push(importMs(sdk, entry.environment));
    }
    const bytes = readFileSync(bundle);
    const [ownMs, sdkMs] = [median(own!), median(bare!)];
    return {
      name: entry.name,
      kilobytes: bytes.length / 1024,
      gzippedKilobytes: gzipSync(bytes).length / 1024,
      importMs: ownMs,
      sdkMs,
      ratio: ownMs / sdkMs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function importMs(file: string, env: Readonly<Record<string, string>>): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', IMPORT, file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot load ${file}: ${stderr}`);
  return Number(stdout);
}
