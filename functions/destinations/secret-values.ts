import { type Encryption, isMarked, MARK } from '../primitives/encryption.js';
import { InvalidRequestError } from '../primitives/faults.js';
import { HIDDEN } from './http/http.js';
import { type Destination, kindOf } from './registry.js';

/**
 * The destination as it is stored: values that may be credentials, such as those of headers, are encrypted for this context,
 * the id of the object that holds the destination. A value as it is shown stays, for the value that it stands for.
 */
export function encrypted<Kept extends Destination>(
  destination: Kept,
  { encrypt }: Pick<Encryption, 'encrypt'>,
  context: string,
): Promise<Kept> {
  return changed(destination, async (value) =>
    value === HIDDEN || isMarked(value) ? value : MARK + (await encrypt(value, context)),
  );
}

/** The destination as it is called. Rows of older releases hold plain values. */
export function decrypted<Kept extends Destination>(
  destination: Kept,
  decrypt: Encryption['decrypt'],
  context: string,
): Promise<Kept> {
  return changed(destination, async (value) => (isMarked(value) ? decrypt(value.slice(MARK.length), context) : value));
}

/** The destination as it is shown. */
export function hidden<Kept extends Destination>(destination: Kept): Kept {
  return withSecrets(destination, () => HIDDEN);
}

/**
 * @param at the pointer of the object that holds the destination's fields
 * @throws InvalidRequestError for a value as it is shown where there is no value that it could stand for
 */
export function assertNoneHidden<Kept extends Destination>(destination: Kept, at = ''): Kept {
  return withSecrets(destination, (value, pointer) => {
    if (value !== HIDDEN) return value;
    throw new InvalidRequestError([{ pointer: at + pointer, message: NOTHING_HIDDEN }]);
  });
}

const NOTHING_HIDDEN = `Send the value itself: ${HIDDEN} stands for a value that is stored already, and there is none.`;

async function changed<Kept extends Destination>(
  destination: Kept,
  change: (value: string) => Promise<string>,
): Promise<Kept> {
  const values: string[] = [];
  withSecrets(destination, (value) => {
    values.push(value);
    return value;
  });
  const others = await Promise.all(values.map(change));
  return withSecrets(destination, () => others.shift()!);
}

function withSecrets<Kept extends Destination>(
  destination: Kept,
  change: (value: string, pointer: string) => string,
): Kept {
  return { ...destination, ...kindOf(destination).withSecrets?.(destination, change) };
}
