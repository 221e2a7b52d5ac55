import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundles.js';
import { deployedStage, givenSettings, settingsFor } from '../lib/config.js';
import { bundleConsole } from '../lib/console-bundle.js';
import { PunctualStack } from '../lib/punctual-stack.js';

async function main(): Promise<void> {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stage = deployedStage(app.node.tryGetContext('stage'));
  const settings = settingsFor(
    stage,
    givenSettings((name) => app.node.tryGetContext(name)),
  );

  new PunctualStack(app, `Punctual-${stage}`, {
    settings,
    bundles: bundleFunctions(),
    ...(settings.console && { consoleFiles: await bundleConsole() }),
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
