import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackage } from '../support/installed-package.js';

const MODULES = join(__dirname, '../../node_modules');

/** An app with the tarball of the npm package, and links to its peers. Its console would need what the emulator lacks. */
export async function layPackage(app: string): Promise<void> {
  mkdirSync(app, { recursive: true });
  await installPackage(app);
  for (const peer of ['aws-cdk-lib', 'constructs']) symlinkSync(join(MODULES, peer), join(app, 'node_modules', peer));
  writeFileSync(join(app, 'app.cjs'), APP);
}

const APP = `
const { App, CfnOutput, Stack } = require('aws-cdk-lib');
const { Punctual } = require('punctual');
const stack = new Stack(new App(), 'Shop');
const punctual = new Punctual(stack, 'Punctual', { stage: 'shop', preset: 'dev', console: false });
new CfnOutput(stack, 'ApiUrl', { value: punctual.apiUrl });
new CfnOutput(stack, 'OperatorSecretArn', { value: punctual.operatorSecret.secretArn });
`;
