import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORIES } from '../stories/stories.js';
import { MINISTACK, startEmulator } from './emulator.js';
import { endProcesses } from './processes.js';
import { Rehearsal } from './rehearsal.js';
import { SHORTCOMINGS } from './shortcomings.js';
import { verdict } from './verdict.js';

/**
 * `npm run rehearse [-- --long]`: deploys the stack with the real CDK CLI into an emulator of AWS that others wrote, tells
 * the stories there, and removes it. Without Python, or without a network to install it, it says so and is content.
 */
async function main(): Promise<void> {
  const missing = MINISTACK.whatIsMissing();
  if (missing !== undefined) return console.log(`SKIPPED: no rehearsal in ministack, since ${missing}`);
  const folder = mkdtempSync(join(tmpdir(), 'punctual-rehearsal-'));
  const cleanUp = () => {
    endProcesses();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      cleanUp();
      process.exit(130);
    });
  try {
    process.exitCode = (await rehearse(folder)) ? 0 : 1;
  } finally {
    cleanUp();
  }
}

/** True when nothing failed but what the emulator is known to fall short of. */
async function rehearse(folder: string): Promise<boolean> {
  let failed = 0;
  const emulator = await startEmulator(folder);
  console.log(`${MINISTACK.name} ${MINISTACK.version} at ${emulator.url}`);
  const rehearsal = new Rehearsal(emulator, folder, (told) => {
    const { line, failed: hasFailed } = verdict(told, SHORTCOMINGS);
    if (hasFailed) failed += 1;
    console.log(line);
  });
  const isLong = process.argv.includes('--long');
  await rehearsal.rehearse(STORIES.filter((story) => isLong || !story.isLong));
  return failed === 0;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
