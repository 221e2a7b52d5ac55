import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type InvalidRequestError, invalid } from '../../primitives/faults.js';
import { BodyTooLargeError, UnsupportedMediaTypeError } from './problem.js';
import { type ReadJson, readJson } from './read-json.js';

/** A body without a payload. */
const LITTLE_BYTES = 64 * 1024;
/** A body with a payload: 256 KB, of which JSON may write each character as six. */
export const PAYLOAD_BYTES = 2 * 1024 * 1024;
/** A body with many entries. Lambda takes 6 MB per request; base64 and the surrounding event need the rest. */
export const BATCH_BYTES = 5 * 1024 * 1024;
/** Most members of an object, and elements of an array: any list of a body has a lower limit of its own. */
export const MAX_MEMBERS = 1_000;
/** Deeper than real data, and far below the depth that overflows later recursive readers. */
export const MAX_DEPTH = 200;

type BodyEvent = Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded' | 'headers'>;

/** The bytes of the request's body. */
export function bodyBytes({ body = '', isBase64Encoded }: BodyEvent): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/**
 * Reads a request's JSON body. No body counts as `{}`, so that the answer names each missing field. Payloads keep their
 * own text. What is too large is refused before it is read: reading and checking take time for each member.
 * @throws BodyTooLargeError beyond `maxBytes`
 * @throws UnsupportedMediaTypeError for a body whose headers do not declare JSON in UTF-8
 * @throws InvalidRequestError for bytes that are not UTF-8, not JSON, nested deeper than 200 levels, or have an object or
 *   array with more than 1,000 members
 */
export function readJsonBody(event: BodyEvent, maxBytes = LITTLE_BYTES): ReadJson {
  const bytes = bodyBytes(event);
  if (bytes.length > maxBytes)
    throw new BodyTooLargeError(`The body has ${bytes.length} bytes; at most ${maxBytes} are taken here.`);
  if (bytes.length === 0) return { value: {}, faults: [] };
  assertJsonType(event.headers['content-type'] ?? '', event.headers['content-encoding']);
  assertUnaltered(event, bytes);
  return readJson(decode(bytes), { kept: ['payload'], maxDepth: MAX_DEPTH, maxMembers: MAX_MEMBERS });
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i;

function assertJsonType(contentType: string, contentEncoding = 'identity'): void {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (!JSON_TYPE.test(type)) throw new UnsupportedMediaTypeError('Send JSON, with Content-Type: application/json.');
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset && !/^charset="?utf-?8"?$/i.test(charset)) throw new UnsupportedMediaTypeError('Send JSON in UTF-8.');
  if (contentEncoding.toLowerCase() !== 'identity')
    throw new UnsupportedMediaTypeError('Send the body without Content-Encoding.');
}

/** API Gateway replaces every byte that is not UTF-8 by U+FFFD, which changes the body's length. */
function assertUnaltered({ isBase64Encoded, headers }: BodyEvent, bytes: Buffer): void {
  const sent = headers['content-length'];
  if (!isBase64Encoded && sent !== undefined && Number(sent) !== bytes.length) throw notUtf8();
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
}

function notUtf8(): InvalidRequestError {
  return invalid('', 'Send UTF-8: the body has bytes that are not.');
}
