/** JSON that is only handed on, and so never made into values: its own text keeps what those would lose. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** The JSON of a value; JSON texts in it stand there as they are. */
export function toJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  const texts: string[] = [];
  const json = JSON.stringify(value, (_name, inner: unknown) =>
    inner instanceof JsonText ? `${PLACE}${texts.push(inner.text) - 1}` : inner,
  );
  return texts.length === 0 ? json : json.replace(PLACES, (_place, index: string) => texts[Number(index)]!);
}

/** Half of a surrogate pair: nothing that came in as UTF-8 holds one, and as an escape of JSON it is one of a kind. */
const PLACE = '\ud800';
const PLACES = /"\\ud800(\d+)"/g;

/** Whether the value is a JSON object, be it read or a text. */
export function isJsonObject(value: unknown): boolean {
  return value instanceof JsonText ? /^\s*\{/.test(value.text) : isPlainObject(value);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Rules between fields are checked beside the faults of single fields, so that all are told at once. */
export function isObject({ value }: { readonly value: unknown }): boolean {
  return isPlainObject(value);
}
