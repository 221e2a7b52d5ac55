import type { LookupFunction } from 'node:net';
import { checkAddress } from '../../core/call/address-guard.js';
import type { Resolve } from './resolve-name.js';

/** The name resolves to an address that may not be called; the address itself is not told to whoever set the URL. */
export class BlockedAddressError extends Error {
  override name = 'BlockedAddressError';
  constructor(readonly reason: string) {
    super(`The name resolves to ${reason}.`);
  }
}

/**
 * A `lookup` for node:net that fails with BlockedAddressError if *any* address of the name is forbidden. node:net calls
 * it for every new socket and connects to exactly what it returned, so between check and use nothing is resolved again
 * and DNS rebinding has no gap. It is not called for IP literals: check the URL before. `signal` ends with the call.
 */
export function guardedLookup(resolve: Resolve, allowLoopback: boolean, signal: AbortSignal): LookupFunction {
  const resolveChecked = async (hostname: string) => {
    const addresses = await resolve(hostname, signal);
    const reason = addresses.map(({ address }) => checkAddress(address, allowLoopback)).find(Boolean);
    if (reason !== undefined) throw new BlockedAddressError(reason);
    const [first] = addresses;
    if (first === undefined) throw Object.assign(new Error('No addresses'), { code: 'ENOTFOUND' });
    return { first, addresses };
  };
  return (hostname, options, callback) => {
    resolveChecked(hostname).then(
      ({ first, addresses }) => (options.all ? callback(null, addresses) : callback(null, first.address, first.family)),
      (error) => callback(error, []),
    );
  };
}
