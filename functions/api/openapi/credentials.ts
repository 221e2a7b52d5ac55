import type { Route } from '../route.js';

const SIGNED = { SignedKeyId: [], SignedTimestamp: [], Signature: [] };

/** The credentials that a row takes, one of them. */
export function securityOf({ access }: Route): object[] {
  const byKey = [{ ApiKey: [] }, SIGNED];
  if (access === 'public') return [];
  if (access === 'operator') return [{ Session: [] }];
  return access === 'key' ? byKey : [...byKey, { Session: [] }];
}

const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description });

export const securitySchemes = {
  ApiKey: header('X-API-Key', "A project's key: sk_ and 64 hex digits."),
  SignedKeyId: header('X-Key-ID', "A signed request: the key's id, instead of the key itself."),
  SignedTimestamp: header('X-Timestamp', 'A signed request: the time in Unix seconds, at most 300 s off ours.'),
  Signature: header(
    'X-Signature',
    "A signed request: lower-case hex HMAC-SHA256, keyed with the key's signing_secret, over the timestamp, the method, " +
      'the path with its query and the lower-case hex SHA-256 of the body, one per line; an X-Nonce is a fifth line. ' +
      'A write takes a signature once.',
  ),
  Session: { type: 'http', scheme: 'bearer', description: "An operator's session from POST /v1/sessions." },
};
