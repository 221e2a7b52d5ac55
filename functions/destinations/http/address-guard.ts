import { isIPv4, isIPv6 } from 'node:net';
import { onFirstUse } from '../../primitives/once.js';
import type { CallRules } from '../kind.js';

/** A forbidden range: an address belongs to it if its bits, shifted right by `shift`, equal `value`. */
interface Range {
  value: bigint;
  shift: bigint;
  reason: string;
}

const LOOPBACK = 'a loopback address';
const PRIVATE = 'a private address';
const CARRIER_GRADE_NAT = 'a carrier-grade NAT address';
/** What an installation may let through, range by range: a VPC has such addresses. */
const PRIVATE_USE: readonly (string | undefined)[] = [PRIVATE, CARRIER_GRADE_NAT];
const RESERVED = 'a reserved address';
const DOCUMENTATION = 'a documentation address';

/**
 * Ranges of IANA's special-purpose registries (RFC 6890) that are not globally reachable. Loopback has Lambda's runtime
 * API; link-local has Lambda's telemetry (169.254.100.x) and the metadata services of EC2 and ECS.
 */
const ipv4Ranges = /* @__PURE__ */ onFirstUse(() => [
  range('0.0.0.0', 8, 'an unspecified address'),
  range('10.0.0.0', 8, PRIVATE),
  range('100.64.0.0', 10, CARRIER_GRADE_NAT),
  range('127.0.0.0', 8, LOOPBACK),
  range('169.254.0.0', 16, 'a link-local address'),
  range('172.16.0.0', 12, PRIVATE),
  range('192.0.0.0', 24, RESERVED),
  range('192.0.2.0', 24, DOCUMENTATION),
  range('192.88.99.0', 24, 'a 6to4 relay address'),
  range('192.168.0.0', 16, PRIVATE),
  range('198.18.0.0', 15, 'a benchmarking address'),
  range('198.51.100.0', 24, DOCUMENTATION),
  range('203.0.113.0', 24, DOCUMENTATION),
  range('224.0.0.0', 4, 'a multicast address'),
  range('240.0.0.0', 4, RESERVED),
]);

const ipv6Ranges = /* @__PURE__ */ onFirstUse(() => [
  range('::', 128, 'an unspecified address'),
  range('::1', 128, LOOPBACK),
  range('::', 96, 'an IPv4-compatible address'),
  range('64:ff9b:1::', 48, 'a local NAT64 address'),
  range('100::', 64, 'a discard address'),
  range('2001::', 32, 'a Teredo address'),
  range('2001::', 23, RESERVED),
  range('2001:db8::', 32, DOCUMENTATION),
  range('2002::', 16, 'a 6to4 address'),
  range('3fff::', 20, DOCUMENTATION),
  range('fd00:ec2::', 32, 'an AWS metadata address'),
  range('fc00::', 7, PRIVATE),
  range('fe80::', 10, 'a link-local address'),
  range('fec0::', 10, 'a site-local address'),
  range('ff00::', 8, 'a multicast address'),
]);

/** The only block from which IANA allocates public IPv6 addresses. */
const globalUnicast = /* @__PURE__ */ onFirstUse(() => range('2000::', 3, ''));
/** IPv6 forms whose last 32 bits are the IPv4 address that a packet reaches. */
const ipv4Mapped = /* @__PURE__ */ onFirstUse(() => range('::ffff:0:0', 96, ''));
const nat64 = /* @__PURE__ */ onFirstUse(() => range('64:ff9b::', 96, ''));

/**
 * Why no call may go to this IP address ("a private address"), or undefined when it may. Anything that is not the
 * textual form of an IP address is forbidden too.
 */
export function checkAddress(ip: string, { allowLoopback, allowedPrivateRanges }: AddressRules): string | undefined {
  const reason = forbiddenReason(ip);
  const isAllowed =
    (reason === LOOPBACK && allowLoopback) ||
    (PRIVATE_USE.includes(reason) && allowedPrivateRanges?.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6'));
  return isAllowed ? undefined : reason;
}

export type AddressRules = Omit<CallRules, 'allowHttp'>;

function forbiddenReason(ip: string): string | undefined {
  if (isIPv4(ip)) return reasonIn(ipv4Ranges(), ipv4Bits(ip));
  if (!isIPv6(ip)) return 'not an IP address';
  const bits = ipv6Bits(ip);
  if (contains(ipv4Mapped(), bits)) return embeddedReason(bits);
  // Loopback is never allowed in a NAT64 form: the translator would call its own loopback.
  if (contains(nat64(), bits)) return embeddedReason(bits) && 'a NAT64 form of an address that is not public';
  return reasonIn(ipv6Ranges(), bits) ?? (contains(globalUnicast(), bits) ? undefined : RESERVED);
}

function embeddedReason(bits: bigint): string | undefined {
  return reasonIn(ipv4Ranges(), BigInt.asUintN(32, bits));
}

function reasonIn(ranges: readonly Range[], bits: bigint): string | undefined {
  return ranges.find((candidate) => contains(candidate, bits))?.reason;
}

function contains(candidate: Range, bits: bigint): boolean {
  return bits >> candidate.shift === candidate.value;
}

function range(base: string, prefixLength: number, reason: string): Range {
  const shift = BigInt((isIPv4(base) ? 32 : 128) - prefixLength);
  return { value: (isIPv4(base) ? ipv4Bits(base) : ipv6Bits(base)) >> shift, shift, reason };
}

function ipv4Bits(ip: string): bigint {
  return ip.split('.').reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n);
}

function ipv6Bits(ip: string): bigint {
  // URL writes every spelling, dotted tails too, as hexadecimal groups. URL refuses a zone ("%eth0").
  const canonical = new URL(`http://[${ip.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = new Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** Why a URL may not be called: `code` for programs, `message` for people. */
export interface UrlFault {
  code: 'invalid_url' | 'blocked_address';
  message: string;
}

const MAX_URL_LENGTH = 2048;
const LOOPBACK_NAME = /^(localhost|localhost\.localdomain|ip6-localhost|ip6-loopback|.+\.localhost)$/;

/**
 * Why no call may go to this URL, or undefined when its text is fine. The addresses of a host name are checked when the
 * name is resolved. IP hosts are checked as URL normalises them (decimal, octal, hexadecimal, full-width).
 */
export function checkUrl(url: string, settings: CallRules): UrlFault | undefined {
  const message = urlTextFault(url);
  if (message !== undefined) return { code: 'invalid_url', message };
  const parsed = new URL(url);
  return schemeFault(parsed, settings.allowHttp) ?? hostFault(parsed, settings);
}

function urlTextFault(url: string): string | undefined {
  if (url.length > MAX_URL_LENGTH) return `The URL is longer than ${MAX_URL_LENGTH} characters.`;
  // URL drops tabs and line breaks silently, so the called URL would differ from the written URL.
  if (/[\u0000-\u0020\u007f]/.test(url)) return 'The URL contains spaces or control characters.';
  if (!URL.canParse(url)) return 'This is not an absolute URL.';
  const { username, password, hash } = new URL(url);
  if (username || password) return 'The URL contains credentials; send them in a header.';
  return hash ? 'The URL has a fragment (#…), which is never sent; leave it out.' : undefined;
}

/**
 * Why an allowed URL would be called in another form than its text, or undefined when both are the same: URL drops,
 * decodes and encodes parts silently. Differences that no server sees are accepted: upper and lower case in scheme and
 * host, the scheme's default port, no path for "/".
 */
export function writtenFault(text: string): string | undefined {
  const { protocol, hostname, host, origin, pathname, search } = new URL(text);
  const [, written = '', target = ''] = /^([^/]*\/\/[^/?#]*)(.*)$/.exec(text) ?? [];
  const origins = [`${protocol}//${host}`, `${protocol}//${hostname}:${OWN_PORT[protocol]}`];
  const isAsCalled = origins.includes(written.toLowerCase()) && target.replace(/^(?!\/)/, '/') === pathname + search;
  return isAsCalled ? undefined : `The URL would be called as ${origin}${pathname}${search}; write it so.`;
}

const OWN_PORT: Record<string, number> = { 'https:': 443, 'http:': 80 };

function schemeFault({ protocol }: URL, allowHttp: boolean): UrlFault | undefined {
  if (protocol === 'https:' || (protocol === 'http:' && allowHttp)) return undefined;
  const message = allowHttp ? 'The URL must start with https:// or http://.' : 'The URL must start with https://.';
  return { code: 'invalid_url', message };
}

function hostFault({ hostname }: URL, rules: AddressRules): UrlFault | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  if (host === '') return { code: 'invalid_url', message: 'The URL has no host.' };
  const reason = isIPv4(host) || isIPv6(host) ? checkAddress(host, rules) : nameReason(host, rules);
  return reason === undefined
    ? undefined
    : { code: 'blocked_address', message: `${hostname} is ${reason}, which may not be called.` };
}

function nameReason(host: string, { allowLoopback }: AddressRules): string | undefined {
  return !allowLoopback && isLoopbackName(host) ? 'a loopback name' : undefined;
}

/** Whether `host` is a name of this machine, such as "localhost"; in lower case and without a dot at its end. */
export function isLoopbackName(host: string): boolean {
  return LOOPBACK_NAME.test(host);
}
