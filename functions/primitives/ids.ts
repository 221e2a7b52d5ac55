/**
 * An id is an address: a prefix for the object's type, then a UUIDv7 as 32 lower-case hex digits. Its time orders
 * lists. The twelve bits of `rand_a` are the project's shard, so that a table key follows from project and id alone.
 */
export type IdPrefix =
  | 'proj'
  | 'ak'
  | 'ses'
  | 'ep'
  | 'rp'
  | 'sch'
  | 'evt'
  | 'ntf'
  | 'run'
  | 'att'
  | 'rj'
  | 'dl'
  | 'bulk'
  | 'clk'
  | 'lst'
  | 'aud';

const HEX_LENGTH = 32;
/** The digits of an id, as a pattern. */
export const UUID_V7_HEX = '[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}';
const MAX_SHARD = 0xfff;
const NO_DIGITS = Buffer.alloc(8);

/**
 * A UUIDv7 id at `at` (Unix milliseconds) in `shard` (0-4095). `random` gives at least 8 bytes: random bytes for a new
 * object, or a hash if the id must be the same at every repeat.
 */
export function makeId(prefix: IdPrefix, at: number, random: Uint8Array, shard = 0): string {
  if (shard < 0 || shard > MAX_SHARD) throw new RangeError(`shard ${shard} does not fit twelve bits`);
  const time = Math.trunc(at).toString(16).padStart(12, '0');
  const randB = Buffer.from(random.subarray(0, 8));
  randB[0] = (randB[0]! & 0x3f) | 0x80; // RFC 9562 variant
  return `${prefix}_${time}7${shard.toString(16).padStart(3, '0')}${randB.toString('hex')}`;
}

/** An id that is not greater than any id made at `at` (Unix milliseconds). */
export function firstId(prefix: IdPrefix, at: number): string {
  return makeId(prefix, at, NO_DIGITS);
}

export function hexOf(id: string): string {
  return id.slice(-HEX_LENGTH);
}

/** The id of an object that belongs to another one, such as a run's dead letter: the same digits. */
export function siblingId(prefix: IdPrefix, id: string): string {
  return `${prefix}_${hexOf(id)}`;
}

/** The same id as an ordinary UUID, for callers of a dialect that promises UUIDs. */
export function uuidOf(id: string): string {
  return hexOf(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function shardOf(id: string): number {
  return Number.parseInt(hexOf(id).slice(13, 16), 16);
}

/** A number below `count`, from the random digits at the end of an id: always the same for the same id. */
export function pickBy(id: string, count: number): number {
  return Number.parseInt(id.slice(-8), 16) % count;
}

/** When the id was made, in Unix milliseconds. */
export function timeOf(id: string): number {
  return Number.parseInt(hexOf(id).slice(0, 12), 16);
}

const FORM = new RegExp(`^${UUID_V7_HEX}$`);

export function isId(prefix: IdPrefix, value: string): boolean {
  return value.startsWith(`${prefix}_`) && FORM.test(value.slice(prefix.length + 1));
}
