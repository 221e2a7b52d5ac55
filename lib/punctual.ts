import { join } from 'node:path';
import type { Construct } from 'constructs';
import { type Stage, stageSettings } from './config.js';
import { Service } from './service.js';

/** A stage's name and settings. How the stack is deployed, its qualifier and its permissions boundary, is the stack's matter. */
export interface PunctualProps extends Omit<Stage, 'bootstrapQualifier' | 'permissionsBoundary'> {
  /** Name of the stage, once in an account and Region: alarms, dashboard and API are named `Punctual-<stage>`. */
  readonly stage: string;
}

/** Punctual in a stack of your own CDK app. The functions and the console lie beside this file, as the package brings them. */
export class Punctual extends Service {
  constructor(scope: Construct, id: string, { stage, ...given }: PunctualProps) {
    super(scope, id, {
      settings: stageSettings(stage, given),
      bundles: join(__dirname, 'functions'),
      consoleFiles: join(__dirname, 'console'),
    });
  }
}
