import { promises as dns, type LookupAddress } from 'node:dns';
import { readFileSync, statSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AddressRules, checkAddress, isLoopbackName } from './address-guard.js';

/** The names in a hosts file, read again when the file has changed; none when it cannot be read. */
export function hostsIn(path: string): () => ReadonlySet<string> {
  let names: ReadonlySet<string> = new Set();
  let version = '';
  return () => {
    try {
      const { mtimeMs, size } = statSync(path);
      const seen = `${mtimeMs} ${size}`;
      if (seen !== version) names = new Set(namesOf(readFileSync(path, 'utf8')));
      version = seen;
      return names;
    } catch {
      return new Set();
    }
  };
}

function namesOf(text: string): string[] {
  const lines = text.toLowerCase().split('\n');
  return lines.flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
}

/**
 * All addresses of a host name, in the order in which to try them. Rejects with an error code of getaddrinfo. When
 * `signal` aborts, the caller does not need the addresses any more.
 */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<LookupAddress[]>;

export interface ResolverOptions {
  /** Name servers, as "address:port"; by default the operating system's. */
  servers?: string[];
  hostsFile?: string;
}

/** Milliseconds of the first wait for a name server; further waits are longer. A call's timeout may end it sooner. */
const FIRST_WAIT_MS = 2_000;
const QUESTIONS = 3;
/** Milliseconds to wait for the second address family after the first: some name servers never answer for IPv6. */
const OTHER_FAMILY_MS = 500;

/** One resolution of a name, shared by all calls that need the name meanwhile. */
interface Lookup {
  readonly addresses: Promise<LookupAddress[]>;
  readonly cancel?: () => void;
  waiting: number;
}

/**
 * Asks the name servers without getaddrinfo, so that a zone with silent servers delays only calls to that zone:
 * getaddrinfo takes one of the process's two threads for it, and keeps the thread after the call has ended. getaddrinfo
 * is used for names of this machine alone, which no zone can delay. Calls to one name share one resolution at a time.
 */
export function nameResolver({ servers, hostsFile = '/etc/hosts' }: ResolverOptions = {}): Resolve {
  const hosts = hostsIn(hostsFile);
  const lookups = new Map<string, Lookup>();
  const begin = (name: string): Lookup => {
    const lookup = isLocal(name, hosts()) ? askSystem(name) : askServers(name, servers);
    lookups.set(name, lookup);
    const forget = () => forgetLookup(name, lookup);
    lookup.addresses.then(forget, forget);
    return lookup;
  };
  const forgetLookup = (name: string, lookup: Lookup) => {
    if (lookups.get(name) === lookup) lookups.delete(name);
  };
  return async (name, signal) => {
    const lookup = lookups.get(name) ?? begin(name);
    lookup.waiting += 1;
    const leave = () => {
      lookup.waiting -= 1;
      if (lookup.waiting > 0 || lookup.cancel === undefined) return;
      forgetLookup(name, lookup);
      lookup.cancel();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await lookup.addresses;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
}

/** Names that no name server outside can have. */
function isLocal(name: string, hosts: ReadonlySet<string>): boolean {
  const bare = name.replace(/\.$/, '');
  return !bare.includes('.') || isLoopbackName(bare) || hosts.has(bare);
}

function askSystem(name: string): Lookup {
  return { addresses: dns.lookup(name, { all: true }), waiting: 0 };
}

function askServers(name: string, servers: string[] | undefined): Lookup {
  const resolver = new dns.Resolver({ timeout: FIRST_WAIT_MS, tries: QUESTIONS });
  if (servers) resolver.setServers(servers);
  // IPv4 comes first: Lambda outside a VPC has no outbound IPv6.
  const families = [
    resolver.resolve4(name).then((found) => found.map((address) => ({ address, family: 4 }))),
    resolver.resolve6(name).then((found) => found.map((address) => ({ address, family: 6 }))),
  ];
  return { addresses: bothFamilies(families, () => resolver.cancel()), cancel: () => resolver.cancel(), waiting: 0 };
}

async function bothFamilies(families: Promise<LookupAddress[]>[], giveUp: () => void): Promise<LookupAddress[]> {
  const all = Promise.allSettled(families);
  await Promise.any(families).catch(() => {});
  await Promise.race([all, sleep(OTHER_FAMILY_MS, undefined, { ref: false })]);
  giveUp();
  const answers = await all;
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  throw noAddresses(answers.flatMap((answer) => (answer.status === 'rejected' ? [codeOf(answer.reason)] : [])));
}

const ABSENT = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];
const REFUSED = ['ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENOTIMP', 'EBADRESP'];

/** The error with a code of getaddrinfo: some of the resolver's own codes mean another fault to a socket. */
function noAddresses(codes: string[]): Error {
  const isAbsent = codes.every((code) => ABSENT.includes(code));
  const isRefused = codes.some((code) => REFUSED.includes(code));
  const code = isAbsent ? 'ENOTFOUND' : isRefused ? 'EAI_FAIL' : 'EAI_AGAIN';
  return Object.assign(new Error(`No addresses: ${codes.join(', ')}`), { code });
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}

/** The name resolves to an address that may not be called; the address itself is not told to the customer. */
export class BlockedAddressError extends Error {
  override name = 'BlockedAddressError';
  constructor(readonly reason: string) {
    super(`The name resolves to ${reason}.`);
  }
}

/**
 * A `lookup` for node:net that fails with BlockedAddressError if *any* address of the name is forbidden. node:net calls
 * this function for every new socket and connects to the addresses that it returns. No name is resolved again between
 * check and use, so DNS rebinding has no gap. node:net does not call it for IP literals: check the URL before.
 * `signal` ends with the call.
 */
export function guardedLookup(resolve: Resolve, rules: AddressRules, signal: AbortSignal): LookupFunction {
  const resolveChecked = async (hostname: string) => {
    const addresses = await resolve(hostname, signal);
    const reason = addresses.map(({ address }) => checkAddress(address, rules)).find(Boolean);
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
