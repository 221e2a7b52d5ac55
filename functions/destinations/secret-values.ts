import { decrypt, encrypt, type Keyring } from '../primitives/encryption.js';
import { InvalidRequestError } from '../primitives/faults.js';
import { HIDDEN } from './http/http.js';
import { type Destination, kindOf } from './registry.js';

/** Begins each encrypted value. No value of a request begins so: a header holds latin1 alone. A value without it is plain. */
const MARK = '🔒';

/**
 * The destination as it is stored: values that may be credentials, such as those of headers, are encrypted for this context,
 * the id of the object that holds the destination.
 * @param at the pointer of the object that holds the destination's fields
 * @throws InvalidRequestError for a value as it is shown where there is no value that it could stand for
 */
export function encrypted<Kept extends Destination>(
  destination: Kept,
  keyring: Keyring,
  context: string,
  at = '',
): Kept {
  return withSecrets(destination, (value, pointer) => {
    if (value === HIDDEN) throw new InvalidRequestError([{ pointer: at + pointer, message: NOTHING_HIDDEN }]);
    return value.startsWith(MARK) ? value : MARK + encrypt(keyring, value, context);
  });
}

const NOTHING_HIDDEN = `Send the value itself: ${HIDDEN} stands for a value that is stored already, and there is none.`;

/** The destination as it is called. Rows of older releases hold plain values. */
export function decrypted<Kept extends Destination>(destination: Kept, keyring: Keyring, context: string): Kept {
  return withSecrets(destination, (value) =>
    value.startsWith(MARK) ? decrypt(keyring, value.slice(MARK.length), context) : value,
  );
}

/** The destination as it is shown. */
export function hidden<Kept extends Destination>(destination: Kept): Kept {
  return withSecrets(destination, () => HIDDEN);
}

function withSecrets<Kept extends Destination>(
  destination: Kept,
  change: (value: string, pointer: string) => string,
): Kept {
  return { ...destination, ...kindOf(destination).withSecrets?.(destination, change) };
}
