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
  /** Processor time to load the bundle into a new process; on an idle machine this is the elapsed time. */
  readonly importMs: number;
  /** Processor time to load the function's imports from the unmodified SDK alone. */
  readonly sdkMs: number;
  /** Processor time to load these imports without the parts of the SDK that our bundles leave out. */
  readonly leanSdkMs: number;
  /** The function divided by the unmodified SDK. */
  readonly ratio: number;
  /** The function divided by the SDK as in our bundles. */
  readonly leanRatio: number;
}

/** Processes of each kind, in turns, so that a busy machine is equally busy for all kinds. */
const PROCESSES = 21;
const IMPORT = `const start = process.cpuUsage(); require(process.argv[1]);
const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000); process.exit(0);`;

/** Size of a function's code and its load time in a new process: the largest part of a cold start that we control. */
export function measureLoad(entry: CodeEntry): LoadReport {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-sdk-'));
  try {
    const bundle = join(entry.code, 'handler.js');
    const [whole, lean] = (['whole', 'lean'] as const).map((sdk) => {
      const file = join(folder, `${sdk}.js`);
      writeFileSync(file, sdkAlone(entry, sdk));
      return file;
    });
    const [importMs, sdkMs, leanSdkMs] = importTimes([bundle, whole!, lean!], entry.environment);
    const bytes = readFileSync(bundle);
    return {
      name: entry.name,
      kilobytes: bytes.length / 1024,
      gzippedKilobytes: gzipSync(bytes).length / 1024,
      importMs: importMs!,
      sdkMs: sdkMs!,
      leanSdkMs: leanSdkMs!,
      ratio: importMs! / sdkMs!,
      leanRatio: importMs! / leanSdkMs!,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processor time to load a function's code into a new process. */
export function loadMs({ code, environment }: CodeEntry): number {
  return importTimes([join(code, 'handler.js')], environment)[0]!;
}

/** The median load time of each file. */
function importTimes(files: readonly string[], env: Readonly<Record<string, string>>): number[] {
  const rounds = Array.from({ length: PROCESSES }, () => files.map((file) => importMs(file, env)));
  return files.map((_, at) => median(rounds.map((round) => round[at]!)));
}

function importMs(file: string, env: Readonly<Record<string, string>>): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', IMPORT, file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot load ${file}: ${stderr}`);
  return Number(stdout);
}
