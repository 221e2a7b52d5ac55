import { nameOf, type StageSettings } from '../../lib/config.js';
import type { Deploying } from './findings.js';

/** A stage of punctual.config.ts. */
export function deployingOf(settings: StageSettings): Deploying {
  const bootstrap = `/cdk-bootstrap/${settings.bootstrapQualifier}/version`;
  return { settings, stack: nameOf(settings), bootstrap, settingsIn: 'punctual.config.ts' };
}
