/** Rules between fields are checked beside the faults of single fields, so that all are told at once. */
export function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
