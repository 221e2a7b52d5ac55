import { randomBytes } from 'node:crypto';
import { newWebhookSecret } from '../../destinations/request.js';
import { createKeyring, encrypt } from '../../primitives/encryption.js';
import type { ApiPorts } from '../../runtime/api-ports.js';

/** A signing secret for the object of that id, new unless one is brought along: to be shown once, and as it is stored. */
export async function freshSecret(
  { secrets }: Pick<ApiPorts, 'secrets'>,
  id: string,
  secret = newWebhookSecret(randomBytes),
) {
  return { secret, encrypted: encrypt(createKeyring(await secrets.master()), secret, id) };
}
