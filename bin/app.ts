import { App } from 'aws-cdk-lib';
import { bundleFunctions } from '../lib/bundles.js';
import { deployedStage, settingsFor } from '../lib/config.js';
import { PunctualStack } from '../lib/punctual-stack.js';

const app = new App();
const stage = deployedStage(app.node.tryGetContext('stage'));

new PunctualStack(app, `Punctual-${stage}`, { settings: settingsFor(stage), bundles: bundleFunctions() });
