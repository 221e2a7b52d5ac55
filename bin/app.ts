import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../lib/bundles.js';
import { nameOf, refuseFlags } from '../lib/config.js';
import { bundleSite } from '../lib/docs-bundle.js';
import { PunctualStack } from '../lib/punctual-stack.js';
import stages from '../punctual.config.js';

async function main(): Promise<void> {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  refuseFlags(Object.keys(app.node.getAllContext()));
  const bundles = bundleFunctions();
  const consoleFiles = stages.some((settings) => settings.console) && (await bundleSite());

  for (const settings of stages)
    new PunctualStack(app, nameOf(settings), {
      settings,
      bundles,
      ...(settings.console && consoleFiles && { consoleFiles }),
    });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
