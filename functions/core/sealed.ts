import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Keys derived from master secrets. The first one seals; all of them open, so that a master secret can be replaced. */
export type Keyring = readonly [SealingKey, ...SealingKey[]];

interface SealingKey {
  /** Eight hex digits that tell keys apart and nothing else about them. */
  id: string;
  key: Buffer;
}

/** The text was not sealed by any key of this ring, for this context, or has been changed. */
export class UnsealError extends Error {
  override name = 'UnsealError';
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Derives the keys once; the newest master secret comes first. A master secret is a long random string, not a password. */
export function createKeyring(current: string, ...previous: string[]): Keyring {
  return [deriveKey(current), ...previous.map(deriveKey)];
}

function deriveKey(secret: string): SealingKey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'punctual sealing key', 32));
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

/**
 * Encrypts `plaintext` (AES-256-GCM, random IV) as `v1.<key id>.<base64url>`. It opens only with the same `context`,
 * such as the key of the item that holds it: a sealed text copied into another item is worthless there.
 */
export function seal(keyring: Keyring, plaintext: string, context: string): string {
  const [{ id, key }] = keyring;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return `${VERSION}.${id}.${Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
}

/** Decrypts what `seal` made for this context. Throws UnsealError. */
export function open(keyring: Keyring, sealed: string, context: string): string {
  const [version, id, payload = ''] = sealed.split('.');
  const found = keyring.find((candidate) => candidate.id === id);
  if (version !== VERSION || found === undefined) throw new UnsealError('No key of this ring sealed the text.');
  try {
    return decipher(found.key, Buffer.from(payload, 'base64url'), context);
  } catch {
    throw new UnsealError('The sealed text was changed, or belongs to another context.');
  }
}

function decipher(key: Buffer, payload: Buffer, context: string): string {
  const iv = payload.subarray(0, IV_BYTES);
  const tag = payload.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const cipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  cipher.setAuthTag(tag);
  const ciphertext = payload.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([cipher.update(ciphertext), cipher.final()]).toString('utf8');
}
