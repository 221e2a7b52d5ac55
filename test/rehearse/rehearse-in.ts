import { STORIES } from '../stories/stories.js';
import { MINISTACK, startEmulator } from './emulator.js';
import { Rehearsal } from './rehearsal.js';
import { SHORTCOMINGS } from './shortcomings.js';
import { verdict } from './verdict.js';

/** The rehearsal itself, in a folder and a process group that `main.ts` clears away: `FOLDER CERTIFICATE [--long]`. */
async function main(): Promise<void> {
  const [folder, certificate, long] = process.argv.slice(2) as [string, string, string?];
  const emulator = await startEmulator(folder, certificate);
  console.log(`${MINISTACK.name} ${MINISTACK.version} at ${emulator.url}`);
  let failed = 0;
  const rehearsal = new Rehearsal(emulator, folder, (told) => {
    const { line, failed: hasFailed } = verdict(told, SHORTCOMINGS);
    if (hasFailed) failed += 1;
    console.log(line);
  });
  await rehearsal.rehearse(STORIES.filter(({ isLong }) => long !== undefined || !isLong));
  process.exit(failed === 0 ? 0 : 1); // the emulator still runs
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
