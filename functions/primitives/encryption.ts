import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Keys derived from master secrets. The first encrypts; all decrypt, so that a master secret can be replaced. */
export type Keyring = readonly [EncryptionKey, ...EncryptionKey[]];

export interface EncryptionKey {
  /** Eight hex digits that identify the key and reveal nothing of it. */
  id: string;
  key: Buffer;
}

/** Encrypts under the newest key; decrypts under every key of the ring. See `encrypt` and `decrypt`. */
export interface Encryption {
  encrypt(plaintext: string, context: string): Promise<string>;
  decrypt(encrypted: string, context: string): Promise<string>;
}

/** No key of the ring encrypted the text for this context, or the text was changed. */
export class DecryptionError extends Error {
  override name = 'DecryptionError';
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Derives the keys once; the newest master secret comes first. A master secret is long and random, not a password. */
export function createKeyring(current: string, ...previous: string[]): Keyring {
  return [deriveKey(current), ...previous.map(deriveKey)];
}

function deriveKey(secret: string): EncryptionKey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'punctual sealing key', 32));
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

/**
 * Encrypts `plaintext` (AES-256-GCM, random IV) as `v1.<key id>.<base64url>`. Decryption needs the same `context`,
 * such as the id of the object that holds the text: a copy in another object cannot be decrypted.
 */
export function encrypt(keyring: Keyring, plaintext: string, context: string): string {
  const [{ id, key }] = keyring;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return `${VERSION}.${id}.${Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
}

/** Decrypts what `encrypt` made for this context. @throws DecryptionError */
export function decrypt(keyring: Keyring, encrypted: string, context: string): string {
  const [version, id, payload = ''] = encrypted.split('.');
  const found = keyring.find((candidate) => candidate.id === id);
  if (version !== VERSION || found === undefined) throw new DecryptionError('No key of this ring encrypted the text.');
  try {
    return decipher(found.key, Buffer.from(payload, 'base64url'), context);
  } catch {
    throw new DecryptionError('The encrypted text was changed, or belongs to another context.');
  }
}

/**
 * Begins an encrypted text that stands among plain ones, such as values of headers. No plain one begins so: a header holds
 * latin1 alone.
 */
export const MARK = '🔒';

export function isMarked(text: string): boolean {
  return text.startsWith(MARK);
}

/** The id of the key that a text was encrypted with. */
export function keyIdOf(encrypted: string): string | undefined {
  return encrypted.split('.')[1];
}

/** `keyring` is asked for each text; to decrypt a text it is told the id of the key that it must have. */
export function encryptionWith(keyring: (needed?: string) => Promise<Keyring>): Encryption {
  return {
    encrypt: async (plaintext, context) => encrypt(await keyring(), plaintext, context),
    decrypt: async (encrypted, context) => decrypt(await keyring(keyIdOf(encrypted)), encrypted, context),
  };
}

function decipher(key: Buffer, payload: Buffer, context: string): string {
  const iv = payload.subarray(0, IV_BYTES);
  const tag = payload.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const cipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  cipher.setAuthTag(tag);
  const ciphertext = payload.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([cipher.update(ciphertext), cipher.final()]).toString('utf8');
}
