/**
 * The fields that a later release has written into an object: a change that writes the whole object keeps them.
 * @param known has every field that this release knows
 */
export function unknownFields<Value extends object>(
  value: Value,
  known: Readonly<Record<keyof Required<Value>, true>>,
): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(known, name)));
}

/** The known fields: a value that passes the checks of this release. */
export function knownFields<Value extends object>(
  value: Value,
  known: Readonly<Record<keyof Required<Value>, true>>,
): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(known, name))) as Value;
}
