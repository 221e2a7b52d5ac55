import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { context } from '../../cdk.json';
import { settingsFor } from '../../lib/config.js';
import { PunctualStack } from '../../lib/punctual-stack.js';
import { standInBundles } from './synthesized.js';

test.each([
  ['dev', false],
  ['prod', true],
] as const)('whether the stack of %s is protected from deletion: %s', (stage, isProtected) => {
  const bundles = standInBundles();
  const app = new App({ context, treeMetadata: false });
  const stack = new PunctualStack(app, 'Stack', { settings: settingsFor(stage), bundles, consoleFiles: bundles });
  rmSync(bundles, { recursive: true });
  expect(stack.terminationProtection).toBe(isProtected);
});
