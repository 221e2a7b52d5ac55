/**
 * Whether these bytes (as latin1) are one answer as RFC 9112 writes it, and nothing behind it. Other answers are read too, but
 * what a lenient parser takes for the end of an answer may be the middle of one for a proxy on the way. So only the
 * connection of a plain answer is used again.
 */
export function isPlainAnswer(bytes: string): boolean {
  return endOfAnswer(bytes) === bytes.length;
}

const TEXT = '[\\t -~\\x80-\\xff]*';
const FIELDS = `(?:[!#$%&'*+\\-.^_\`|~\\w]+:${TEXT}\\r\\n)*`;
const HEAD = new RegExp(`HTTP/1\\.[01] (\\d{3})(?: ${TEXT})?\\r\\n(${FIELDS})\\r\\n`, 'y');
const CHUNK_SIZE = new RegExp(`([0-9a-f]{1,8})(?:;${TEXT})?\\r\\n`, 'iy');
const TRAILERS = new RegExp(`${FIELDS}\\r\\n`, 'y');
const OF_BODY = /^(content-length|transfer-encoding|content-type|content-encoding):/im;
const FRAMING = /^(content-length|transfer-encoding):(.*)$/gim;

/** Undefined where the answer does not tell it, or not in the one plain way. */
function endOfAnswer(bytes: string): number | undefined {
  let head = matchAt(HEAD, bytes, 0);
  while (isInterim(head?.[1])) head = matchAt(HEAD, bytes, HEAD.lastIndex);
  if (head === null || head[1] === '101') return undefined;
  const body = HEAD.lastIndex;
  const [framing, another] = head[2]!.matchAll(FRAMING);
  if (another) return undefined;
  // What a 204 says of a body, which it cannot have, may be followed by one, and that may come late.
  if (head[1] === '204') return OF_BODY.test(head[2]!) ? undefined : body;
  if (head[1] === '304') return body;
  const [, name = '', value = ''] = framing ?? [];
  if (name.toLowerCase() === 'content-length') return body + Number(value);
  return value.trim().toLowerCase() === 'chunked' ? endOfChunks(bytes, body) : undefined;
}

/** 101 is a final answer: HTTP ends with it. */
function isInterim(status = ''): boolean {
  return status.startsWith('1') && status !== '101';
}

function endOfChunks(bytes: string, start: number): number | undefined {
  for (let at = start; ; ) {
    const size = matchAt(CHUNK_SIZE, bytes, at)?.[1];
    if (size === undefined) return undefined;
    if (Number.parseInt(size, 16) === 0)
      return matchAt(TRAILERS, bytes, CHUNK_SIZE.lastIndex) ? TRAILERS.lastIndex : undefined;
    at = CHUNK_SIZE.lastIndex + Number.parseInt(size, 16) + 2;
    if (bytes.slice(at - 2, at) !== '\r\n') return undefined;
  }
}

function matchAt(pattern: RegExp, bytes: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(bytes);
}
