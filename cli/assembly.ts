import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageSettings } from '../lib/config.js';
import { SETTINGS_METADATA } from '../lib/settings-metadata.js';
import type { Deploying } from '../local/preflight/findings.js';
import { CommandFault } from './exit-codes.js';

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly stackName?: string;
    readonly bootstrapStackVersionSsmParameter?: string;
    readonly directoryName?: string;
  };
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
}

type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/**
 * Each Punctual in a folder that `cdk synth` has made, also in stages within the app.
 * @throws CommandFault if there is no such folder, or no Punctual in it
 */
export function deployingsIn(folder: string): Deploying[] {
  const found = stacksIn(folder);
  if (found.length > 0) return found;
  throw new CommandFault(
    `No stack in ${folder} has a Punctual of this version: synthesize it again, by npx cdk synth.`,
  );
}

function stacksIn(folder: string): Deploying[] {
  const { artifacts = {} } = read<{ artifacts?: Record<string, Artifact> }>(join(folder, 'manifest.json'));
  return Object.entries(artifacts).flatMap(([id, { type, properties = {}, metadata, additionalMetadataFile }]) => {
    if (type === 'cdk:cloud-assembly') return stacksIn(join(folder, properties.directoryName ?? id));
    if (type !== 'aws:cloudformation:stack') return [];
    const apart = additionalMetadataFile && read<Metadata>(join(folder, additionalMetadataFile));
    const settings = Object.values({ ...metadata, ...apart }).flatMap((entries) =>
      entries.filter((entry) => entry.type === SETTINGS_METADATA).map(({ data }) => data as StageSettings),
    );
    return settings.map((each) => ({
      settings: { ...each, permissionsBoundary: false as const },
      stack: properties.stackName ?? id,
      bootstrap: properties.bootstrapStackVersionSsmParameter ?? '/cdk-bootstrap/hnb659fds/version',
      settingsIn: "the construct's properties",
    }));
  });
}

function read<Value>(file: string): Value {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CommandFault(
      `There is no ${file}: synthesize your app first, by npx cdk synth, or name the folder by --app.`,
    );
  }
}
