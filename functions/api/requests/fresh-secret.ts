import { randomBytes } from 'node:crypto';
import { newWebhookSecret } from '../../destinations/request.js';
import type { ApiPorts } from '../../runtime/api-ports.js';

/** The signing secret of an object, new unless given: `secret` to show once, `encrypted` to store. */
export async function freshSecret(
  { secrets }: Pick<ApiPorts, 'secrets'>,
  id: string,
  secret = newWebhookSecret(randomBytes),
) {
  return { secret, encrypted: await secrets.encrypt(secret, id) };
}
