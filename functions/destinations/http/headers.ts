/** Limits of an endpoint's own headers: most servers take 8 KB of headers in all, the headers that we set included. */
const MAX_HEADERS = 50;
const MAX_NAME_LENGTH = 128;
const MAX_VALUE_LENGTH = 4096;
const MAX_TOTAL_LENGTH = 6144;

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** An HTTP/1.1 field value: tab, and latin1 without control characters (RFC 9110, 5.5). */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers of ours, of the HTTP client and of the connection: other values would break framing or forge identity. */
const RESERVED_NAMES = new Set([
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
  'idempotency-key',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-dispatch-signature',
  'x-cron-signature',
]);
const RESERVED_PREFIXES = ['proxy-', 'webhook-', 'punctual-', 'x-cronflow-'];

/** Why an endpoint may not set this header, as a sentence, or undefined when it may. Never repeats the value. */
export function headerFault(name: string, value: string): string | undefined {
  if (!TOKEN.test(name)) return 'Must be a header name: letters, digits and hyphens.';
  if (name.length > MAX_NAME_LENGTH) return `Must be a header name of at most ${MAX_NAME_LENGTH} characters.`;
  const read = reservedName(name);
  if (read !== undefined) return `Leave this header out: ${read} is set by the service${asRead(name, read)}.`;
  if (!FIELD_VALUE.test(value)) return 'Must be latin1 text without line breaks or other control characters.';
  return value.length > MAX_VALUE_LENGTH ? `Must be a value of at most ${MAX_VALUE_LENGTH} characters.` : undefined;
}

/** The reserved name as which a receiver may read `name`: CGI turns all but letters and digits into underscores. */
function reservedName(name: string): string | undefined {
  const read = name.toLowerCase().replace(/[^0-9a-z]/g, '-');
  return RESERVED_NAMES.has(read) || RESERVED_PREFIXES.some((prefix) => read.startsWith(prefix)) ? read : undefined;
}

const asRead = (name: string, read: string): string =>
  name.toLowerCase() === read ? '' : ', and many servers read this name as that one';

/** One fault of an endpoint's headers; a fault without a `name` is about all headers together. */
export interface HeaderFault {
  name?: string;
  message: string;
}

/** Every fault of an endpoint's headers: each header's own, names that differ only by case, too many, too large. */
export function headerFaults(headers: Record<string, string>): HeaderFault[] {
  const entries = Object.entries(headers);
  return [...entries.flatMap(ownFault), ...duplicateFaults(Object.keys(headers)), ...sizeFaults(entries)];
}

function ownFault([name, value]: [string, string]): HeaderFault[] {
  const message = headerFault(name, value);
  return message === undefined ? [] : [{ name, message }];
}

function duplicateFaults(names: string[]): HeaderFault[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name.toLowerCase()).size).map(duplicateFault);
}

function duplicateFault(name: string): HeaderFault {
  return { name, message: 'Give this header once; upper and lower case make no difference.' };
}

function sizeFaults(entries: [string, string][]): HeaderFault[] {
  const faults: HeaderFault[] = [];
  if (entries.length > MAX_HEADERS) faults.push({ message: `Must be at most ${MAX_HEADERS} headers.` });
  const total = entries.reduce((length, [name, value]) => length + name.length + value.length, 0);
  if (total > MAX_TOTAL_LENGTH)
    faults.push({ message: `Must have at most ${MAX_TOTAL_LENGTH} characters in all names and values together.` });
  return faults;
}
