import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSecrets, type Secrets } from '../adapters/secrets.js';
import { readEnv, secretsEnv } from './env.js';
import { requestHandler } from './wiring.js';

/** For the functions that may read them; the others are not to load the client either. */
export function wireSecrets(): Secrets {
  const { MASTER_SECRET_ARN, OPERATOR_SECRET_ARN } = readEnv(secretsEnv);
  return createSecrets(new SecretsManagerClient({ requestHandler }), {
    master: MASTER_SECRET_ARN,
    ...(OPERATOR_SECRET_ARN && { operator: OPERATOR_SECRET_ARN }),
  });
}
