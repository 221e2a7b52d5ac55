import { defineStages } from './lib/config.js';

/**
 * The stages of this installation. `npx cdk deploy Punctual-<name>` deploys one of them. A stage begins with a preset:
 * `dev` may be thrown away, `prod` keeps what it acknowledged. docs/settings.md lists the settings, their values in both
 * presets, and what a change does to a stack that runs.
 */
export default defineStages({
  dev: { preset: 'dev' },
  prod: { preset: 'prod' },
});
