/** The fields that this release knows: a value that passes its checks. `known` has their names. */
export function knownFields(value: object, known: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(known, name)));
}

/** The fields that a later release has written into an object: a change that writes the whole object keeps them. */
export function unknownFields(value: object, known: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(known, name)));
}
