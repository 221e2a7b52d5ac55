import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleFunctions } from '../../lib/bundles.js';
import { type StageSettings, settingsFor } from '../../lib/config.js';
import { synthesize } from '../../lib/synthesize.js';
import { writeWhole } from './built-once.js';

/** `tsx synthesize-into.ts <file> <settings as JSON>`: what `built-once.ts` runs in a process of its own. */
const [file = '', overrides = '{}'] = process.argv.slice(2);
const bundles = join(dirname(file), 'functions');
// Bundled beside and moved, so that who finds the folder finds all of it.
if (!existsSync(bundles)) {
  const making = bundleFunctions(`${bundles}.${process.pid}`);
  if (!existsSync(bundles)) renameSync(making, bundles);
}
const settings = settingsFor('local', JSON.parse(overrides) as Partial<StageSettings>);
writeWhole(file, synthesize(settings, { bundles }));
