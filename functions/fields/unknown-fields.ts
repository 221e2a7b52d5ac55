/**
 * What a later release has written into an object. A change by this release that writes all of the object anew keeps that.
 * @param known has every field that this release knows
 */
export function unknownFields<Value extends object>(
  value: Value,
  known: Readonly<Record<keyof Required<Value>, true>>,
): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(known, name)));
}

/** The rest: a value that the checks of this release take. */
export function knownFields<Value extends object>(
  value: Value,
  known: Readonly<Record<keyof Required<Value>, true>>,
): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(known, name))) as Value;
}
