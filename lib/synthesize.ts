import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, type CfnElement } from 'aws-cdk-lib';
import { context } from '../cdk.json';
import { bundleFunctions } from './bundles.js';
import { nameOf, type StageSettings } from './config.js';
import { PunctualFunction } from './constructs/punctual-function.js';
import { PunctualStack } from './punctual-stack.js';

export interface Synthesized {
  /** The CloudFormation template that `cdk deploy` would send. */
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON, read by those who know the resource.
  readonly template: any;
  /** Absolute folder of each function's code, by the function's logical id. */
  readonly assets: Record<string, string>;
}

export interface SynthesizeOptions {
  /** Folder for the cloud assembly; by default the assembly is not kept. */
  readonly outdir?: string;
  /** Folder with `<function>/handler.js`; by default the functions are bundled now. */
  readonly bundles?: string;
  /** Folder of the built console, with the documentation in `docs/`; if the settings deploy the console. */
  readonly consoleFiles?: string;
}

/** Synthesizes a stage's stack in this process, without CLI, credentials, network or the validation of `cdk synth`. */
export function synthesize(settings: StageSettings, options: SynthesizeOptions = {}): Synthesized {
  const outdir = options.outdir ?? mkdtempSync(join(tmpdir(), 'punctual-synth-'));
  try {
    // Only the CLI reads cdk.json, and its feature flags change the template.
    const app = new App({ outdir, context, treeMetadata: false, builtinCloudFormationValidation: false });
    const bundles = resolve(options.bundles ?? bundleFunctions());
    const { consoleFiles } = options;
    const stack = new PunctualStack(app, nameOf(settings), {
      settings,
      bundles,
      ...(consoleFiles !== undefined && { consoleFiles: resolve(consoleFiles) }),
    });
    return { template: app.synth().getStackArtifact(stack.artifactId).template, assets: codeFolders(stack) };
  } finally {
    if (options.outdir === undefined) rmSync(outdir, { recursive: true, force: true });
  }
}

function codeFolders(stack: PunctualStack): Record<string, string> {
  const functions = stack.node.findAll().filter((construct) => construct instanceof PunctualFunction);
  return Object.fromEntries(functions.map((fn) => [stack.getLogicalId(fn.node.defaultChild as CfnElement), fn.bundle]));
}
