export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Rules between fields are checked beside the faults of single fields, so that all are told at once. */
export function isObject({ value }: { readonly value: unknown }): boolean {
  return isPlainObject(value);
}
