/** JSON that is only passed on, and never parsed into values: its own text keeps what values would lose. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** The JSON of a value; each JsonText in the value appears verbatim. */
export function toJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  const texts: string[] = [];
  const json = JSON.stringify(value, (_name, inner: unknown) =>
    inner instanceof JsonText ? `${PLACE}${texts.push(inner.text) - 1}` : inner,
  );
  return texts.length === 0 ? json : json.replace(PLACES, (_place, index: string) => texts[Number(index)]!);
}

/** Half of a surrogate pair marks a place: no UTF-8 input contains one, and JSON.stringify escapes it uniquely. */
const PLACE = '\ud800';
const PLACES = /"\\ud800(\d+)"/g;

/** Whether the value is a JSON object, parsed or as a JsonText. */
export function isJsonObject(value: unknown): boolean {
  return value instanceof JsonText ? /^\s*\{/.test(value.text) : isPlainObject(value);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For rules between fields: checked together with the single fields, so that all faults are reported at once. */
export function isObject({ value }: { readonly value: unknown }): boolean {
  return isPlainObject(value);
}
