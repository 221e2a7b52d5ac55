/** The JSON pointer (RFC 6901) to the value under these keys. Half of a surrogate pair in a key is shown as U+FFFD. */
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
