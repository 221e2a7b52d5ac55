import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundles.js';
import { deployedStage, settingsFor } from '../lib/config.js';
import { PunctualStack } from '../lib/punctual-stack.js';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
const stage = deployedStage(app.node.tryGetContext('stage'));
const alarmEmail: string | undefined = app.node.tryGetContext('alarmEmail');

new PunctualStack(app, `Punctual-${stage}`, {
  settings: settingsFor(stage, alarmEmail === undefined ? {} : { alarmEmail }),
  bundles: bundleFunctions(),
});
