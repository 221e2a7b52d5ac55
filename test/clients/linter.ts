import { join } from 'node:path';
import { ownFolder, run } from './in-folder.js';

const REDOCLY = '@redocly/cli@2.77.0';

/** Holds the document against the rules of Redocly's linter. @throws Error with what it found */
export async function lint(document: string): Promise<void> {
  const config = join(__dirname, 'redocly.yaml');
  const args = ['--yes', '--package', REDOCLY, 'redocly', 'lint', document, '--config', config, '--format', 'stylish'];
  // It would send home how it is used, and look for newer versions.
  const env = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  await run('npx', args, { cwd: ownFolder('linter'), env });
}
