import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { UnknownFormatError } from '../primitives/failed-message.js';
import { isoTime } from '../primitives/moments.js';

type Fields = Record<string, unknown>;
type Written<Row> = Omit<Row, (typeof TIMES)[number]> & { readonly row_format: number };

/** The format in which this release writes rows; each row carries its number as `row_format`. */
const FORMAT = 1;

/** DynamoDB bills a write by each started kilobyte of the item ("Read and write operations", Developer Guide). */
export const WRITE_UNIT_BYTES = 1024;

/** Brotli compresses an attempt a tenth better than zlib, as fast. A payload has at most 256 KB: window 2 ** 18. */
const COMPRESSION = {
  [constants.BROTLI_PARAM_QUALITY]: 5,
  [constants.BROTLI_PARAM_LGWIN]: 18,
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
};

/** Fields that are Unix milliseconds in an object and ISO 8601 in its row. */
const TIMES = [
  'at',
  'created_at',
  'decided_at',
  'due',
  'expires_at',
  'finished_at',
  'hour',
  'lease',
  'made_at',
  'occurrence',
  'redacted_at',
  'since',
  'started_at',
  'updated_at',
] as const;

/** Attributes of a row that are no fields of its object. */
const OWN = ['pk', 'sk', 'g1', 'g2', 'g3', 'ttl', 'row_format', 'payload_apart', 'compressed'] as const;

/**
 * The row of an object: each field is an attribute that the DynamoDB console, PartiQL and an export show. Where it
 * saves a write unit, the fields at `paths` (such as `payload.body`) go into the attribute `compressed` instead: JSON
 * of path and value, compressed by brotli (RFC 7932).
 */
export function rowOf<Row extends object>(fields: Row, paths: readonly string[]): Written<Row> {
  const plain: Fields = { ...fields, row_format: FORMAT };
  for (const name of TIMES) if (Number.isInteger(plain[name])) plain[name] = isoTime(plain[name] as number);
  return smallest(plain, paths) as Written<Row>;
}

function smallest(plain: Fields, paths: readonly string[]): Fields {
  if (writeUnits(plain) === 1) return plain;
  const taken: Fields = {};
  const rest = paths.reduce((left, path) => without(left, path, (value) => (taken[path] = value)), plain);
  const smaller = { ...rest, compressed: brotliCompressSync(JSON.stringify(taken), { params: COMPRESSION }) };
  return writeUnits(smaller) < writeUnits(plain) ? smaller : plain;
}

/**
 * The fields of a row's object. Fields that this release does not know are kept, so that a later release's survive a
 * change.
 * @throws UnknownFormatError for a row of a format that this release does not know
 */
export function fieldsOf<Value>(row: object): Value {
  const { row_format, compressed } = row as Fields;
  if (row_format !== FORMAT) throw new UnknownFormatError(`row format ${row_format}`);
  const plain: Fields = { ...row };
  for (const name of OWN) delete plain[name];
  for (const name of TIMES) if (typeof plain[name] === 'string') plain[name] = Date.parse(plain[name]);
  if (compressed === undefined) return plain as Value;
  const taken = JSON.parse(brotliDecompressSync(compressed as Uint8Array).toString()) as Fields;
  return Object.entries(taken).reduce(withField, plain) as Value;
}

/** Size by "DynamoDB item sizes and formats" (Developer Guide), except that trailing zeros of a number count here. */
export function rowBytes(row: object): number {
  return Object.entries(row).reduce(
    (sum, [name, value]) => sum + (value === undefined ? 0 : Buffer.byteLength(name) + valueBytes(value)),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 2 + Math.ceil(`${value}`.length / 2);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + 1 + valueBytes(each), 3);
  if (typeof value === 'object' && value !== null) return 3 + Object.keys(value).length + rowBytes(value);
  return 1;
}

function writeUnits(row: object): number {
  return Math.ceil(rowBytes(row) / WRITE_UNIT_BYTES);
}

function without(fields: Fields, path: string, take: (value: unknown) => void): Fields {
  const [name, inner] = firstOf(path);
  const { [name]: value, ...rest } = fields;
  if (value === undefined || value === null) return fields;
  if (inner) return { ...rest, [name]: without(value as Fields, inner, take) };
  take(value);
  return rest;
}

function withField(fields: Fields, [path, value]: readonly [path: string, value: unknown]): Fields {
  const [name, inner] = firstOf(path);
  return { ...fields, [name]: inner ? withField(fields[name] as Fields, [inner, value]) : value };
}

function firstOf(path: string): [name: string, inner: string] {
  const [name, ...inner] = path.split('.');
  return [name!, inner.join('.')];
}
