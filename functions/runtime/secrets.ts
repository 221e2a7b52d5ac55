import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type GetSecretValueCommandOutput,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  createKeyring,
  type Encryption,
  type EncryptionKey,
  encryptionWith,
  type Keyring,
} from '../primitives/encryption.js';
import type { Rotation } from '../protocol/sweep/re-encrypt.js';

/** The stage's secrets. A new value of either, put into Secrets Manager, needs no deploy and no restart. */
export interface Secrets extends Encryption {
  rotation(): Promise<Rotation>;
  /**
   * The key with which an operator signs in. The key before it does not: it may have leaked. A key that is not the
   * wanted one may be too old, and is read anew.
   */
  operatorKey(isWanted?: (key: string) => boolean): Promise<string>;
}

export interface SecretArns {
  readonly master: string;
  readonly operator?: string;
}

/** The operator key is read anew this many times as often as the master secret: an old key must end soon. */
const OPERATOR_SOONER = 5;
/** Lifetimes for which a value is used while it cannot be read anew. */
const LIFETIMES_KEPT = 5;
/**
 * In a lifetime a value is read at most this often: Secrets Manager may throttle, and a text may be beyond help. Every
 * three seconds, so that a message that came too soon is read when it comes back, after five.
 */
const TRIES_IN_LIFETIME = 100;

/** The master secret, and keys of it and of the one before, which still decrypts. */
interface Master {
  readonly version: string | undefined;
  readonly since: number;
  readonly keyring: Keyring;
}

/** @param lifetimeMs how long the master secret is used before it is read anew */
export function createSecrets(
  client: SecretsManagerClient,
  arns: SecretArns,
  lifetimeMs: number,
  now: () => number,
): Secrets {
  const master = remembered((had?: Master) => readMaster(client, arns.master, had), lifetimeMs, now);
  const current = () => master(lifetimeMs * LIFETIMES_KEPT);
  const operatorMs = lifetimeMs / OPERATOR_SOONER;
  const operator = remembered(() => readSecret(client, arns.operator!), operatorMs, now);
  const kept = new Map<string, Remembered<EncryptionKey | undefined>>();
  const keptKey = (id: string) => {
    const read = kept.get(id) ?? remembered(() => readKept(client, arns.master, id), lifetimeMs, now);
    kept.set(id, read);
    return read(Infinity, (key) => key !== undefined);
  };
  return {
    // A secret that is too old to encrypt still decrypts. Another environment may encrypt with a newer one already.
    ...encryptionWith(async (needed) => {
      if (needed === undefined) return (await current()).keyring;
      const has = ({ keyring }: Master) => keyring.some(({ id }) => id === needed);
      const known = await master(Infinity);
      const older = has(known) ? undefined : await keptKey(needed);
      return older ? [older] : (await master(Infinity, has)).keyring;
    }),
    async rotation() {
      const { since, keyring } = await current();
      // Every environment has the new secret by then; the last lifetime is for requests that were under way.
      const settledAt = since + lifetimeMs * (LIFETIMES_KEPT + 2);
      return { keyId: keyring[0].id, settledAt, isFirst: keyring.length === 1 };
    },
    async operatorKey(isWanted = () => true) {
      if (arns.operator === undefined) throw new Error('this function has no access to the operator key');
      const isGood = ({ SecretString }: GetSecretValueCommandOutput) => isWanted(SecretString!);
      return (await operator(operatorMs * LIFETIMES_KEPT, isGood)).SecretString!;
    },
  };
}

async function readMaster(client: SecretsManagerClient, arn: string, had?: Master): Promise<Master> {
  const { SecretString: value, VersionId: version, CreatedDate } = await readSecret(client, arn);
  if (had !== undefined && had.version === version) return had;
  const previous = await labelled(client, arn, 'AWSPREVIOUS'); // none if it was never rotated
  const keyring = createKeyring(value!, ...(previous ? [previous.SecretString!] : []));
  return { version, since: CreatedDate!.getTime(), keyring };
}

/** The key of a master secret before the last two. */
async function readKept(client: SecretsManagerClient, arn: string, id: string): Promise<EncryptionKey | undefined> {
  const found = await labelled(client, arn, keptLabel(id));
  return found && createKeyring(found.SecretString!)[0];
}

/** The staging label of the master secret whose key has this id: Secrets Manager deletes no version that has a label. */
export function keptLabel(id: string): string {
  return `key-${id}`;
}

/** The version with this label, if there is one. */
function labelled(client: SecretsManagerClient, arn: string, label: string) {
  return readSecret(client, arn, label).catch((error) => {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  });
}

export function readSecret(client: SecretsManagerClient, arn: string, label = 'AWSCURRENT') {
  return readVersion(client, { SecretId: arn, VersionStage: label });
}

/** @throws Error for a secret that is no text */
export async function readVersion(
  client: SecretsManagerClient,
  version: GetSecretValueCommandInput,
): Promise<GetSecretValueCommandOutput> {
  const answer = await client.send(new GetSecretValueCommand(version));
  if (answer.SecretString === undefined) throw new Error(`secret ${version.SecretId} has no string value`);
  return answer;
}

type Remembered<Value> = (keptMs: number, isGood?: (value: Value) => boolean) => Promise<Value>;

/**
 * Caches what `read` answers. The value is read anew after its lifetime, and when it is not good for the caller; but not
 * again soon after a try, and not by two callers at once. If it cannot be read, the old value is used until it is
 * `keptMs` old.
 */
function remembered<Value>(
  read: (had?: Value) => Promise<Value>,
  lifetimeMs: number,
  now: () => number,
): Remembered<Value> {
  let had: { readonly value: Value; readonly at: number } | undefined;
  let triedAt = -Infinity;
  let reading: Promise<Value> | undefined;
  const readAnew = () => {
    const at = now();
    triedAt = at;
    reading ??= read(had?.value)
      .then((value) => {
        had = { value, at };
        return value;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  return async (keptMs, isGood = () => true) => {
    if (had === undefined) return readAnew();
    const { value, at } = had;
    const age = now() - at;
    if (age < lifetimeMs && isGood(value)) return value;
    const isTried = now() - triedAt < lifetimeMs / TRIES_IN_LIFETIME;
    if (isTried && age < keptMs && (reading === undefined || isGood(value))) return value;
    return readAnew().catch((error) => {
      if (age < keptMs) return value;
      throw error;
    });
  };
}
