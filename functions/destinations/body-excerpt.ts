/** Bytes of an answer's body that are kept. */
export const BODY_KEPT = 4096;

/**
 * The beginning of a body as text of at most `limit` bytes. Bytes that are not UTF-8 become U+FFFD (three bytes, hence
 * the second cut); a character that the cut divides is left out.
 */
export function bodyExcerpt(bytes: Buffer, limit: number): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: bytes.length >= limit });
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(limit));
  return text.slice(0, read);
}
