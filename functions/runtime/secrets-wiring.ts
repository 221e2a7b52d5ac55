import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readEnv, secretsEnv } from './env.js';
import { createSecrets, type Secrets } from './secrets.js';
import { requestHandler } from './wiring.js';

/** Only for functions that may read secrets: the other functions do not load the client. */
export function wireSecrets(): Secrets {
  const { MASTER_SECRET_ARN, OPERATOR_SECRET_ARN, SECRETS_SECONDS } = readEnv(secretsEnv);
  const arns = { master: MASTER_SECRET_ARN, ...(OPERATOR_SECRET_ARN && { operator: OPERATOR_SECRET_ARN }) };
  return createSecrets(new SecretsManagerClient({ requestHandler }), arns, SECRETS_SECONDS * 1000, Date.now);
}
