import { type Existing, settingsFor } from '../../lib/config.js';
import { synthesize } from '../../lib/synthesize.js';
import { Cdk } from './cdk.js';
import type { Emulator } from './emulator.js';
import { asFarAsItGoes } from './for-this-machine.js';

/** Deploys another stage beside the first one, with an intake queue, over tables and secrets that are there already. */
export async function deploySecondStage(emulator: Emulator, folder: string, existing: Existing): Promise<Cdk> {
  const cdk = new Cdk(emulator, folder, 'Punctual-second');
  // Its console would need what the emulator lacks.
  const settings = settingsFor('dev', { stage: 'second', console: false, intake: true, existing });
  synthesize(settings, { outdir: cdk.assembly.folder });
  cdk.assembly.change(asFarAsItGoes);
  await cdk.deploy();
  return cdk;
}
