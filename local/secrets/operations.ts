import { randomUUID } from 'node:crypto';
import type { GetSecretValueRequest } from '@aws-sdk/client-secrets-manager';
import { arnOf, loadSecrets, type Secret, saveSecrets, type Version } from './secret.js';

/** An error answer of the API, always with status 400. */
export class SecretsError extends Error {
  constructor(
    override readonly name: 'InvalidParameterException' | 'ResourceNotFoundException',
    message: string,
  ) {
    super(message);
  }
}

/** The secrets, and the one operation that functions call. A secret keeps its first value. */
export class Secrets {
  private readonly secrets: Secret[];

  constructor(private readonly file: string | undefined) {
    this.secrets = loadSecrets(file);
  }

  /** The secret with this name; if absent, it is made with the value of `generate`. */
  ensure(name: string, generate: () => string): Secret {
    const existing = this.secrets.find((secret) => secret.name === name);
    if (existing) return existing;
    const createdAt = Date.now();
    const first: Version = { id: randomUUID(), stages: ['AWSCURRENT'], createdAt, string: generate() };
    const secret: Secret = { name, createdAt, versions: [first] };
    this.secrets.push(secret);
    saveSecrets(this.file, this.secrets);
    return secret;
  }

  getSecretValue({ SecretId, VersionId, VersionStage }: GetSecretValueRequest): object {
    const secret = this.find(SecretId);
    const stage = VersionStage ?? (VersionId ? undefined : 'AWSCURRENT');
    const version = secret.versions.find(
      ({ id, stages }) => (VersionId ? id === VersionId : true) && (stage ? stages.includes(stage) : true),
    );
    if (!version)
      throw notFound(`secret value for ${VersionId ? `VersionId: ${VersionId}` : `staging label: ${stage}`}`);
    return {
      ...identity(secret),
      VersionId: version.id,
      VersionStages: version.stages,
      SecretString: version.string,
      CreatedDate: version.createdAt / 1000,
    };
  }

  private find(id: string | undefined): Secret {
    if (!id) throw new SecretsError('InvalidParameterException', 'You must provide a SecretId.');
    const found = this.secrets.find((secret) => {
      const arn = arnOf(secret);
      return id === secret.name || id === arn || id === arn.slice(0, -'-123456'.length);
    });
    if (!found) throw notFound('secret.');
    return found;
  }
}

export function currentString(secret: Secret): string {
  return secret.versions.find(({ stages }) => stages.includes('AWSCURRENT'))!.string;
}

function notFound(what: string): SecretsError {
  return new SecretsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);
}

function identity(secret: Secret): object {
  return { ARN: arnOf(secret), Name: secret.name };
}
