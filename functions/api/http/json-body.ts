import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { InvalidRequestError } from '../../primitives/faults.js';
import { BodyTooLargeError, UnsupportedMediaTypeError } from './problem.js';
import { type ReadJson, readJson } from './read-json.js';

/** Lambda takes 6 MB per request; base64 and the event around it need the rest. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** Deeper than data is nested on purpose, and far from what recursive readers further on could choke on. */
const MAX_DEPTH = 200;

type BodyEvent = Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded' | 'headers'>;

/** The request's body as it was sent. @throws BodyTooLargeError beyond 5 MB */
export function bodyBytes({ body = '', isBase64Encoded }: BodyEvent): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length <= MAX_BODY_BYTES) return bytes;
  throw new BodyTooLargeError(`The body has ${bytes.length} bytes; at most ${MAX_BODY_BYTES} are taken.`);
}

/**
 * Reads a request's JSON body; none is `{}`, so that what is missing is told field by field. Payloads stay the text that
 * they are.
 * @throws UnsupportedMediaTypeError for a body that does not call itself JSON in UTF-8
 * @throws InvalidRequestError for bytes that are not UTF-8, or not JSON, or nested too deep to be looked at further
 */
export function readJsonBody(event: BodyEvent): ReadJson {
  const bytes = bodyBytes(event);
  if (bytes.length === 0) return { value: {}, faults: [] };
  assertJsonType(event.headers['content-type'] ?? '', event.headers['content-encoding']);
  assertUnaltered(event, bytes);
  return readJson(decode(bytes), { kept: 'payload', maxDepth: MAX_DEPTH });
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

/** API Gateway hands text on with every byte that is not UTF-8 replaced by U+FFFD: then the length is another one. */
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
  return new InvalidRequestError([{ pointer: '', message: 'Send UTF-8: the body has bytes that are not.' }]);
}
