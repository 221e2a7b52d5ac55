import db, { type Item } from 'dynalite/db/index.js';

type Value = Record<string, unknown>;

/**
 * Bytes of an item towards its 400 KB limit, by "DynamoDB item sizes and formats" of the Developer Guide. dynalite
 * counts UTF-16 units, so dynalite accepts items in other scripts that AWS refuses.
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

db.itemSize = itemBytes;

function valueBytes(value: Value): number {
  const [type, content] = Object.entries(value)[0] as [string, never];
  switch (type) {
    case 'S':
      return Buffer.byteLength(content);
    case 'B':
      return Buffer.byteLength(content, 'base64');
    case 'N':
      return numberBytes(content);
    case 'SS':
      return sum(content, (member: string) => Buffer.byteLength(member));
    case 'BS':
      return sum(content, (member: string) => Buffer.byteLength(member, 'base64'));
    case 'NS':
      return sum(content, numberBytes);
    case 'L':
      return 3 + sum(content, (member: Value) => 1 + valueBytes(member));
    case 'M':
      return 3 + Object.keys(content).length + itemBytes(content);
    default: // BOOL and NULL
      return 1;
  }
}

/** One byte for each two significant digits, and one more byte. */
function numberBytes(number: string): number {
  const significant = number.replace(/e.*$/i, '').replace(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return 1 + Math.ceil(significant.length / 2);
}

function sum<Member>(members: Member[], bytesOf: (member: Member) => number): number {
  return members.reduce((total, member) => total + bytesOf(member), 0);
}
