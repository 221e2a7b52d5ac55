import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TARGET_SERVICES } from '../targets.js';
import type { PunctualFunction } from './punctual-function.js';

/** Lets a deliverer reach exactly what the patterns name, each service by the one action that sends. */
export function grantTargets(deliverer: PunctualFunction, patterns: readonly string[]): void {
  for (const [service, { action }] of Object.entries(TARGET_SERVICES)) {
    const resources = patterns.filter((pattern) => pattern.split(':')[2] === service);
    if (resources.length === 0) continue;
    deliverer.addToRolePolicy(new PolicyStatement({ actions: [action], resources }));
    for (const resource of resources.filter((one) => one.includes('*')))
      Validations.of(deliverer.role!).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason: 'The setting allowedTargets names these targets so.',
      });
  }
}
