import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundles.js';
import { deployedStage, settingsFor } from '../lib/config.js';
import { bundleConsole } from '../lib/console-bundle.js';
import { PunctualStack } from '../lib/punctual-stack.js';

async function main(): Promise<void> {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stage = deployedStage(app.node.tryGetContext('stage'));
  const alarmEmail: string | undefined = app.node.tryGetContext('alarmEmail');
  const settings = settingsFor(stage, {
    ...(alarmEmail !== undefined && { alarmEmail }),
    ...(app.node.tryGetContext('console') === 'false' && { console: false }),
  });

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
