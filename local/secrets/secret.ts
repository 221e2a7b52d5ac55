import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keepingFiles, replaceFile, usingFiles } from '../files.js';

/** A value of a secret. */
export interface Version {
  id: string;
  stages: string[];
  createdAt: number;
  string: string;
}

/** Times are Unix milliseconds. */
export interface Secret {
  name: string;
  createdAt: number;
  versions: Version[];
}

/** An ARN in AWS's form. Its six random characters are a hash of the name, so that the ARN is equal at every start. */
export function arnOf({ name }: Pick<Secret, 'name'>): string {
  const suffix = createHash('sha256').update(name).digest('base64').replace(/[+/=]/g, '').slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`;
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
