import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readEnv, secretsEnv } from './env.js';
import { requestHandler } from './wiring.js';

/** The stage's secrets, each read once per execution environment. */
export interface Secrets {
  /** Encrypts values that must be read back (signing secrets), and signs sessions. */
  master(): Promise<string>;
  /** The key with which an operator signs in. */
  operatorKey(): Promise<string>;
}

export interface SecretArns {
  readonly master: string;
  readonly operator?: string;
}

export function createSecrets(client: SecretsManagerClient, arns: SecretArns): Secrets {
  const read = (arn: string) => remembered(() => readSecret(client, arn));
  return {
    master: read(arns.master),
    operatorKey: arns.operator
      ? read(arns.operator)
      : () => Promise.reject(new Error('this function has no access to the operator key')),
  };
}

async function readSecret(client: SecretsManagerClient, arn: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (SecretString === undefined) throw new Error(`secret ${arn} has no string value`);
  return SecretString;
}

/** Caches the value of `read`, but no failure. */
function remembered<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= read().catch((error) => {
      value = undefined;
      throw error;
    });
    return value;
  };
}

/** Only for functions that may read secrets: the other functions do not load the client. */
export function wireSecrets(): Secrets {
  const { MASTER_SECRET_ARN, OPERATOR_SECRET_ARN } = readEnv(secretsEnv);
  return createSecrets(new SecretsManagerClient({ requestHandler }), {
    master: MASTER_SECRET_ARN,
    ...(OPERATOR_SECRET_ARN && { operator: OPERATOR_SECRET_ARN }),
  });
}
