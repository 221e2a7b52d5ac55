import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keepingFiles, replaceFile, usingFiles } from '../files.js';

/** One value a secret has had; `binary` is base64. */
export interface Version {
  id: string;
  stages: string[];
  createdAt: number;
  string?: string;
  binary?: string;
}

/** Times are ms since the epoch; a version without stages is deprecated and dropped. */
export interface Secret {
  name: string;
  createdAt: number;
  changedAt: number;
  versions: Version[];
}

/** As AWS writes it, the six random characters being a hash of the name: the same at every start. */
export function arnOf({ name }: Pick<Secret, 'name'>): string {
  const suffix = createHash('sha256').update(name).digest('base64').replace(/[+/=]/g, '').slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`;
}

export function versionOf(secret: Secret, stage: string): Version | undefined {
  return secret.versions.find((version) => version.stages.includes(stage));
}

/** Adds a version and moves its stages to it; what loses AWSCURRENT becomes AWSPREVIOUS, as on AWS. */
export function addVersion(secret: Secret, version: Version): void {
  const replaced = version.stages.includes('AWSCURRENT') ? versionOf(secret, 'AWSCURRENT') : undefined;
  const moved = replaced ? [...version.stages, 'AWSPREVIOUS'] : version.stages;
  for (const other of secret.versions) other.stages = other.stages.filter((stage) => !moved.includes(stage));
  replaced?.stages.push('AWSPREVIOUS');
  secret.versions = [...secret.versions.filter((other) => other.stages.length > 0), version];
  secret.changedAt = version.createdAt;
}

export function loadSecrets(file: string | undefined): Secret[] {
  if (!file || !existsSync(file)) return [];
  return usingFiles(file, () => JSON.parse(readFileSync(file, 'utf8')) as Secret[]);
}

export function saveSecrets(file: string | undefined, secrets: Secret[]): void {
  if (!file) return;
  mkdirSync(dirname(file), { recursive: true });
  keepingFiles(file, () => replaceFile(file, JSON.stringify(secrets)));
}
