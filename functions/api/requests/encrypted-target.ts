import type { Destination } from '../../destinations/registry.js';
import { encrypted } from '../../destinations/secret-values.js';
import { createKeyring } from '../../primitives/encryption.js';
import type { ApiPorts } from '../../runtime/api-ports.js';

/** The object with its inline target as it is stored. @throws InvalidRequestError for `***` that stands for no value */
export async function withEncryptedTarget<Kept extends { readonly id: string; readonly target?: Destination }>(
  { secrets }: Pick<ApiPorts, 'secrets'>,
  object: Kept,
): Promise<Kept> {
  const { id, target } = object;
  if (target === undefined) return object;
  return { ...object, target: encrypted(target, createKeyring(await secrets.master()), id, '/target') };
}
