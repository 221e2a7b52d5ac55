import { createHash, type Hash } from 'node:crypto';
import { DISALLOWED_TEXT, isAllowedText } from './allowed-text.js';
import { invalidParameter } from './errors.js';

/** One message attribute in the JSON protocol; `BinaryValue` is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_ATTRIBUTES = 10;
const NAME = /^(?!aws\.|amazon\.)(?!\.)(?!.*\.\.)(?!.*\.$)[\p{L}\p{N}_.-]{1,256}$/iu;
const DATA_TYPE = /^(?=.{1,256}$)(String|Number|Binary)(\..*)?$/u;
const NUMBER = /^[-+]?(?=\.?\d)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i;
const MAX_DIGITS = 38;

/** Throws InvalidParameterValue, in SQS's words, for the first attribute that SQS would refuse. */
export function checkAttributes(attributes: MessageAttributes): void {
  const count = Object.keys(attributes).length;
  if (count > MAX_ATTRIBUTES)
    throw invalidParameter(`Number of message attributes [${count}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`);
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
}

function checkAttribute(name: string, attribute: MessageAttribute): void {
  if (!NAME.test(name)) throw invalidParameter(`The message attribute name '${name}' is invalid.`);
  const [type] = DATA_TYPE.exec(attribute.DataType ?? '')?.slice(1) ?? [];
  if (type === undefined)
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const value = type === 'Binary' ? attribute.BinaryValue : attribute.StringValue;
  if (!value)
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty value of type '${type}'.`);
  if (type !== 'Binary' && !isAllowedText(value)) throw invalidParameter(DISALLOWED_TEXT);
  if (type === 'Number' && !isNumber(value))
    throw invalidParameter(`Can't cast the value of message attribute '${name}' to a number.`);
}

/** "Up to 38 digits of precision, and it can be between 10^-128 and 10^+126" (SQS developer guide), or zero. */
function isNumber(value: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(value) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '');
  if (!NUMBER.test(value) || digits.length > MAX_DIGITS) return false;
  const magnitude = Math.abs(Number(`${whole}.${fraction}0e${exponent}`));
  return digits === '' || (magnitude >= 1e-128 && magnitude <= 1e126);
}

/** Bytes that the attributes add to the message's size: names, types and values count. */
export function sizeOfAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, attribute]) =>
      bytes + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType ?? '') + bytesOf(attribute).length,
    0,
  );
}

/** The requested attributes, by `All`, `*`, `.*`, a name, or a prefix as `prefix.*`; undefined if there are none. */
export function selectAttributes(
  attributes: MessageAttributes = {},
  names: readonly string[],
): MessageAttributes | undefined {
  const wanted = (attribute: string) => names.some((name) => matches(name, attribute));
  const selected = Object.entries(attributes).filter(([name]) => wanted(name));
  return selected.length > 0 ? Object.fromEntries(selected) : undefined;
}

function matches(pattern: string, name: string): boolean {
  if (pattern === 'All' || pattern === '*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
}

/**
 * SQS's digest of attributes: sorted by name, each attribute as length-prefixed name and type, one byte for the
 * transport type (1 string, 2 binary) and the length-prefixed value ("Calculating the MD5 message digest for message
 * attributes", SQS developer guide).
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name]!;
    addPart(hash, Buffer.from(name));
    addPart(hash, Buffer.from(attribute.DataType));
    hash.update(Buffer.of(attribute.BinaryValue === undefined ? 1 : 2));
    addPart(hash, bytesOf(attribute));
  }
  return hash.digest('hex');
}

function addPart(hash: Hash, part: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  hash.update(length).update(part);
}

function bytesOf(attribute: MessageAttribute): Buffer {
  if (attribute.BinaryValue !== undefined) return Buffer.from(attribute.BinaryValue, 'base64');
  return Buffer.from(attribute.StringValue ?? '');
}
