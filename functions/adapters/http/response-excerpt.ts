import type { IncomingHttpHeaders } from 'node:http';

/** Characters kept of all response headers together, and of one value: an attempt is billed by the KB it is stored in. */
const MAX_HEADERS_LENGTH = 4096;
const MAX_VALUE_LENGTH = 1024;
/** Kept first: a policy reads it, and a flood of other headers must not push it out. */
const NEEDED = 'retry-after';

/** The headers of an answer as plain strings, long values cut, and those left out that no longer fit. */
export function headerExcerpt(headers: IncomingHttpHeaders): Record<string, string> {
  let room = MAX_HEADERS_LENGTH;
  const kept = Object.entries(headers)
    .sort(([a], [b]) => Number(b === NEEDED) - Number(a === NEEDED))
    .map(([name, value]) => [name, inOneLine([value ?? []].flat().join(', ')).slice(0, MAX_VALUE_LENGTH)] as const)
    .filter(([name, value]) => {
      const length = name.length + value.length;
      if (length > room) return false;
      room -= length;
      return true;
    });
  return Object.fromEntries(kept);
}

/** A lenient parser lets folded lines and control characters through. */
function inOneLine(value: string): string {
  return value.replace(/[\u0000-\u001f\u007f]+/g, ' ');
}

/**
 * The beginning of a body as text of at most `bytes.length` bytes: what is not UTF-8 becomes U+FFFD (three bytes, hence
 * the second cut), and a character that the cut went through is left out.
 */
export function bodyExcerpt(bytes: Buffer, limit: number): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: bytes.length >= limit });
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(limit));
  return text.slice(0, read);
}
