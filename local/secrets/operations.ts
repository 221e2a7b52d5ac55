import { randomUUID } from 'node:crypto';
import type {
  DescribeSecretRequest,
  GetSecretValueRequest,
  ListSecretsRequest,
  PutSecretValueRequest,
} from '@aws-sdk/client-secrets-manager';
import { addVersion, arnOf, loadSecrets, type Secret, saveSecrets, type Version, versionOf } from './secret.js';

/** What the API answers with, always with status 400. */
export class SecretsError extends Error {
  constructor(
    override readonly name:
      | 'InvalidParameterException'
      | 'InvalidRequestException'
      | 'ResourceExistsException'
      | 'ResourceNotFoundException',
    message: string,
  ) {
    super(message);
  }
}

/** As it comes over the wire: blobs are base64. */
type PutRequest = Omit<PutSecretValueRequest, 'SecretBinary'> & { SecretBinary?: string };

const MAX_SECRET_BYTES = 65_536;
const MAX_RESULTS = 100;

/** The secrets and the API's operations on them; every change is in the file before it is answered. */
export class Secrets {
  private readonly secrets: Secret[];

  constructor(private readonly file: string | undefined) {
    this.secrets = loadSecrets(file);
  }

  /** The secret of this name, made with the value that `generate` gives if there is none yet. */
  ensure(name: string, generate: () => string): Secret {
    const existing = this.secrets.find((secret) => secret.name === name);
    if (existing) return existing;
    const createdAt = Date.now();
    const first: Version = { id: randomUUID(), stages: ['AWSCURRENT'], createdAt, string: generate() };
    const secret: Secret = { name, createdAt, changedAt: createdAt, versions: [first] };
    this.secrets.push(secret);
    this.save();
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
      SecretBinary: version.binary,
      CreatedDate: version.createdAt / 1000,
    };
  }

  putSecretValue(request: PutRequest): object {
    const secret = this.find(request.SecretId);
    const id = request.ClientRequestToken ?? randomUUID();
    const version: Version = {
      id,
      stages: request.VersionStages ?? ['AWSCURRENT'],
      createdAt: Date.now(),
      ...valueIn(request),
    };
    const known = secret.versions.find((other) => other.id === id);
    if (known && (known.string !== version.string || known.binary !== version.binary)) {
      throw new SecretsError('ResourceExistsException', `A version of ${id} with another value already exists.`);
    }
    if (!known) {
      addVersion(secret, version);
      this.save();
    }
    return { ...identity(secret), VersionId: id, VersionStages: (known ?? version).stages };
  }

  describeSecret({ SecretId }: DescribeSecretRequest): object {
    const secret = this.find(SecretId);
    return { ...summary(secret), VersionIdsToStages: stagesOf(secret) };
  }

  listSecrets({ Filters = [], MaxResults = MAX_RESULTS, NextToken = '' }: ListSecretsRequest): object {
    for (const { Key } of Filters) {
      if (Key !== 'name') throw new SecretsError('InvalidParameterException', `only the filter name is served here`);
    }
    const passes = (name: string) => Filters.every(({ Values }) => Values?.some((prefix) => name.startsWith(prefix)));
    const found = this.secrets.filter(({ name }) => name > NextToken && passes(name));
    const page = found.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MaxResults);
    return {
      SecretList: page.map((secret) => ({ ...summary(secret), SecretVersionsToStages: stagesOf(secret) })),
      NextToken: found.length > page.length ? page.at(-1)?.name : undefined,
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

  private save(): void {
    saveSecrets(this.file, this.secrets);
  }
}

export function currentString(secret: Secret): string {
  return versionOf(secret, 'AWSCURRENT')?.string ?? '';
}

function valueIn({ SecretString, SecretBinary }: PutRequest): Pick<Version, 'string' | 'binary'> {
  if ((SecretString === undefined) === (SecretBinary === undefined)) {
    throw new SecretsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  }
  const bytes =
    SecretString === undefined ? Buffer.byteLength(SecretBinary!, 'base64') : Buffer.byteLength(SecretString);
  if (bytes > MAX_SECRET_BYTES)
    throw new SecretsError('InvalidParameterException', `A secret has at most ${MAX_SECRET_BYTES} bytes.`);
  return SecretString === undefined ? { binary: SecretBinary! } : { string: SecretString };
}

function notFound(what: string): SecretsError {
  return new SecretsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);
}

function identity(secret: Secret): object {
  return { ARN: arnOf(secret), Name: secret.name };
}

function summary(secret: Secret): object {
  return { ...identity(secret), CreatedDate: secret.createdAt / 1000, LastChangedDate: secret.changedAt / 1000 };
}

function stagesOf(secret: Secret): Record<string, string[]> {
  return Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages]));
}
