import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageSettings } from '../config.js';

/** Cost-allocation tags: activate them once in the account's billing console. */
export function tagAsPunctual(scope: Construct, { stage }: Pick<StageSettings, 'stage'>): void {
  Tags.of(scope).add('application', 'punctual');
  Tags.of(scope).add('stage', stage);
}
