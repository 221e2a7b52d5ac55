import { randomUUID } from 'node:crypto';
import type {
  GetSecretValueRequest,
  ListSecretVersionIdsRequest,
  PutSecretValueRequest,
  UpdateSecretVersionStageRequest,
} from '@aws-sdk/client-secrets-manager';
import { arnOf, loadSecrets, type Secret, saveSecrets, type Version } from './secret.js';

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** An error answer of the API, always with status 400. */
export class SecretsError extends Error {
  constructor(
    override readonly name:
      | 'InvalidParameterException'
      | 'LimitExceededException'
      | 'ResourceExistsException'
      | 'ResourceNotFoundException',
    message: string,
  ) {
    super(message);
  }
}

/** Size of a SecretString at most. */
const MAX_STRING_BYTES = 65_536;
/** Labels of all versions of a secret at most. */
const MAX_LABELS = 20;

/** The secrets, the operations that functions call, and the one that rotates a secret. */
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
    const first: Version = { id: randomUUID(), stages: [CURRENT], createdAt, string: generate() };
    const secret: Secret = { name, createdAt, versions: [first] };
    this.secrets.push(secret);
    saveSecrets(this.file, this.secrets);
    return secret;
  }

  getSecretValue({ SecretId, VersionId, VersionStage }: GetSecretValueRequest): object {
    const secret = this.find(SecretId);
    const stage = VersionStage ?? (VersionId ? undefined : CURRENT);
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

  /** A new version; it takes the labels from the versions that had them. */
  putSecretValue({ SecretId, SecretString, ClientRequestToken, VersionStages }: PutSecretValueRequest): object {
    const secret = this.find(SecretId);
    const id = versionId(ClientRequestToken);
    const string = checkedString(SecretString);
    const existing = secret.versions.find((version) => version.id === id);
    if (existing && existing.string !== string)
      throw new SecretsError('ResourceExistsException', `The request token ${id} was used with another secret value.`);
    if (!existing) {
      secret.versions.push({ id, stages: [], createdAt: Date.now(), string });
      for (const stage of VersionStages ?? [CURRENT]) moveLabel(secret, stage, id);
      saveSecrets(this.file, this.secrets);
    }
    const { stages } = existing ?? secret.versions.at(-1)!;
    return { ...identity(secret), VersionId: id, VersionStages: stages };
  }

  /** All versions in one page: here no secret has more than a hundred. */
  listSecretVersionIds({ SecretId, IncludeDeprecated = false }: ListSecretVersionIdsRequest): object {
    const secret = this.find(SecretId);
    const shown = secret.versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0);
    const Versions = shown.map(({ id, stages, createdAt }) => ({
      ...{ VersionId: id, CreatedDate: createdAt / 1000 },
      ...(stages.length > 0 && { VersionStages: stages }),
    }));
    return { ...identity(secret), Versions };
  }

  /** Moves a label to a version, or takes it from one; as on AWS, its holder must be named to lose it. */
  updateSecretVersionStage({
    SecretId,
    VersionStage: label = '',
    MoveToVersionId: to,
    RemoveFromVersionId: from,
  }: UpdateSecretVersionStageRequest): object {
    const secret = this.find(SecretId);
    for (const id of [to, from])
      if (id && !secret.versions.some((version) => version.id === id))
        throw notFound(`secret value for VersionId: ${id}`);
    const holder = secret.versions.find(({ stages }) => stages.includes(label));
    if (holder?.id === to && to) return identity(secret);
    if (holder?.id !== from)
      throw new SecretsError(
        'InvalidParameterException',
        `The label ${label} is not on the version to remove it from.`,
      );
    const count = secret.versions.flatMap(({ stages }) => stages).length;
    if (!holder && count >= MAX_LABELS)
      throw new SecretsError('LimitExceededException', `A secret has ${MAX_LABELS} labels at most.`);
    if (holder) holder.stages = holder.stages.filter((each) => each !== label);
    if (to) moveLabel(secret, label, to);
    saveSecrets(this.file, this.secrets);
    return identity(secret);
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
  return secret.versions.find(({ stages }) => stages.includes(CURRENT))!.string;
}

/** A label is on one version at a time. AWSPREVIOUS goes to the version that AWSCURRENT leaves. */
function moveLabel(secret: Secret, stage: string, to: string): void {
  const from = secret.versions.find(({ id, stages }) => id !== to && stages.includes(stage));
  if (from) from.stages = from.stages.filter((label) => label !== stage);
  secret.versions.find(({ id }) => id === to)!.stages.push(stage);
  if (from && stage === CURRENT) moveLabel(secret, PREVIOUS, from.id);
}

function versionId(token: string | undefined): string {
  if (token === undefined || (token.length >= 32 && token.length <= 64)) return token ?? randomUUID();
  throw new SecretsError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
}

function checkedString(string: string | undefined): string {
  if (string && Buffer.byteLength(string) <= MAX_STRING_BYTES) return string;
  throw new SecretsError('InvalidParameterException', 'You must provide a SecretString of 1 to 65536 bytes.');
}

function notFound(what: string): SecretsError {
  return new SecretsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);
}

function identity(secret: Secret): object {
  return { ARN: arnOf(secret), Name: secret.name };
}
