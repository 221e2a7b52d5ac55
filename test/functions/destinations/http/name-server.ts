import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** What a name server says of a name; types that are left out have no records. */
export interface Zone {
  readonly addresses?: readonly string[];
  /** The name is another one's alias; the addresses are the other one's. */
  readonly alias?: string;
  /** DNS's response code: 3 is "no such name", 2 "server failure", 5 "refused". */
  readonly failure?: number;
  /** Questions of this family get no answer. */
  readonly silent?: readonly (4 | 6)[];
}

export interface NameServer {
  /** "address:port" */
  readonly address: string;
  /** Every question so far, as "name/family". */
  readonly questions: readonly string[];
  readonly close: () => Promise<void>;
}

const TYPES: Record<number, 4 | 6> = { 1: 4, 28: 6 };

/** A name server on 127.0.0.1. It knows no other names. */
export async function nameServer(zones: Record<string, Zone>): Promise<NameServer> {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const end = message.indexOf(0, 12);
    const name = labelsOf(message.subarray(12, end));
    const family = TYPES[message.readUInt16BE(end + 1)]!;
    questions.push(`${name}/${family}`);
    const zone = zones[name] ?? { failure: 3 };
    if (zone.silent?.includes(family)) return;
    socket.send(answer(message.subarray(0, end + 5), zone, family), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

/** RFC 1035, 4.1: the question's own header and text, and a record for each address. */
function answer(question: Buffer, zone: Zone, family: 4 | 6): Buffer {
  const addresses = (zone.addresses ?? []).filter((address) => isIPv6(address) === (family === 6));
  const named = zone.alias === undefined ? POINTER : labelled(zone.alias);
  const records = addresses.map((address) => record(named, family === 4 ? 1 : 28, bytesOf(address)));
  if (zone.alias !== undefined) records.unshift(record(POINTER, 5, named));
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (zone.failure ?? 0), 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, question.subarray(12), ...records]);
}

/** To the question's name. */
const POINTER = Buffer.from([0xc0, 12]);

function record(name: Buffer, type: number, data: Buffer): Buffer {
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(type, 0);
  fields.writeUInt16BE(1, 2);
  fields.writeUInt32BE(60, 4);
  fields.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, fields, data]);
}

function labelsOf(bytes: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes[at]! + 1)
    labels.push(bytes.subarray(at + 1, at + 1 + bytes[at]!).toString('latin1'));
  return labels.join('.').toLowerCase();
}

function labelled(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'));
  return Buffer.concat([...labels, Buffer.alloc(1)]);
}

/** IPv6 addresses are written in full. */
function bytesOf(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(
    address
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  );
}
