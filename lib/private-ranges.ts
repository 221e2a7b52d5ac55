import { BlockList, isIP } from 'node:net';

/** Blocks of private use (RFC 1918, RFC 6598, RFC 4193). Neither loopback nor a link-local address lies in them. */
const BLOCKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
/** Metadata services of AWS have addresses in here, as fd00:ec2::254. */
const METADATA = 'fd00:ec2::/32';

/** The blocks, in words. */
export const PRIVATE_USE = `${BLOCKS.join(', ')}, without ${METADATA}`;

/** Whether a text is a range in CIDR notation of private use alone. */
export function isPrivateRange(cidr: string): boolean {
  const isInBlock = isRange(cidr) && BLOCKS.some((block) => isWithin(cidr, block));
  return isInBlock && !isWithin(cidr, METADATA) && !isWithin(METADATA, cidr);
}

function isRange(text: string): boolean {
  const [, base = '', bits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  return isIP(base) !== 0 && !base.includes('%') && Number(bits) <= (isIP(base) === 4 ? 32 : 128);
}

function isWithin(inner: string, outer: string): boolean {
  const [a, b] = [parsed(inner), parsed(outer)];
  const block = new BlockList();
  block.addSubnet(b.base, b.bits, b.family);
  return a.family === b.family && a.bits >= b.bits && block.check(a.base, a.family);
}

function parsed(cidr: string) {
  const [base = '', bits] = cidr.split('/');
  return { base, bits: Number(bits), family: isIP(base) === 4 ? 'ipv4' : 'ipv6' } as const;
}
