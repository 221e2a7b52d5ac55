import type { Fault } from '../../core/faults.js';

/** Deeper than anybody nests on purpose, and far from what recursive readers further on could choke on. */
const MAX_DEPTH = 200;
/** Whoever finds it must show the value to nothing that reads recursively. */
export const TOO_DEEP = `Nested deeper than ${MAX_DEPTH} levels.`;
/** More of them help nobody, and must not make the answer larger than the request. */
const MAX_FAULTS = 100;

/** Where a value stands: its key in what holds it. The pointer is put together only for a value at fault. */
interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly holder: Place | undefined;
  readonly depth: number;
}

/**
 * What valid JSON may hold and we do not take, since it would not arrive as it was sent: numbers beyond ±2^53 (also those
 * that only an exponent makes so large), halves of surrogate pairs, which UTF-8 cannot carry, and endless nesting.
 * Walks without recursion, in linear time; at most 100 faults.
 */
export function jsonFaults(root: unknown): Fault[] {
  const faults: Fault[] = [];
  const open: Place[] = [{ value: root, key: '', holder: undefined, depth: 0 }];
  for (let place = open.pop(); place !== undefined && faults.length < MAX_FAULTS; place = open.pop()) {
    const message = faultOf(place);
    if (message !== undefined) faults.push({ pointer: pointerOf(place), message });
    else if (typeof place.value === 'object' && place.value !== null) addInside(open, place, place.value);
  }
  return faults;
}

function addInside(open: Place[], holder: Place, value: object): void {
  const depth = holder.depth + 1;
  for (const key of Object.keys(value))
    open.push({ value: (value as Record<string, unknown>)[key], key, holder, depth });
}

function faultOf({ value, key, depth }: Place): string | undefined {
  if (hasLoneSurrogate(key)) return 'The key holds half of a surrogate pair, which is no character.';
  if (typeof value === 'string' && hasLoneSurrogate(value))
    return 'Holds half of a surrogate pair, which is no character.';
  if (typeof value === 'number' && isTooLarge(value))
    return 'Beyond ±2^53, where digits get lost; send it as a string.';
  return depth > MAX_DEPTH ? TOO_DEEP : undefined;
}

/** With the `u` flag a proper pair is one character, which is no surrogate. */
const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

const isTooLarge = (value: number): boolean => Math.abs(value) > Number.MAX_SAFE_INTEGER;

/** RFC 6901. A lone surrogate in a key is shown as U+FFFD. */
function pointerOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place = place; at.holder !== undefined; at = at.holder) keys.push(at.key);
  return pointer(keys.reverse());
}

/** The JSON pointer (RFC 6901) to the value under these keys. */
export function pointer(keys: readonly PropertyKey[]): string {
  return keys
    .map(
      (key) =>
        `/${String(key)
          .replace(/~/g, '~0')
          .replace(/\//g, '~1')
          .replace(/\p{Surrogate}/gu, '\ufffd')}`,
    )
    .join('');
}
