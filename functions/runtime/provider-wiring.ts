import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { IdentityProvider, ProviderSettings } from '../subjects/sessions/identity.js';
import { createIdentityProvider } from './identity-provider.js';
import { readSecret } from './secrets.js';
import { requestHandler } from './wiring.js';

/** A client's secret is read at each sign-in, which are rare: so a new secret needs no deployment. */
export function wireIdentityProvider(settings: ProviderSettings, allowLoopback: boolean): IdentityProvider {
  const { clientSecretArn } = settings;
  const client = new SecretsManagerClient({ requestHandler });
  const clientSecret = async () => clientSecretArn && (await readSecret(client, clientSecretArn)).SecretString;
  return createIdentityProvider({ settings, clientSecret, allowLoopback, now: Date.now });
}
