import type { Destination } from '../../destinations/registry.js';
import { assertNoneHidden, encrypted } from '../../destinations/secret-values.js';
import type { ApiPorts } from '../../runtime/api-ports.js';

/** The object with its inline target as it is stored. @throws InvalidRequestError for `***` that stands for no value */
export async function withEncryptedTarget<Kept extends { readonly id: string; readonly target?: Destination }>(
  { secrets }: Pick<ApiPorts, 'secrets'>,
  object: Kept,
): Promise<Kept> {
  const { id, target } = object;
  if (target === undefined) return object;
  return { ...object, target: await encrypted(assertNoneHidden(target, '/target'), secrets, id) };
}
