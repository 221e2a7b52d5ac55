/** What stands in a form's fields, by name; a ticked box is `on`, an empty one is missing. */
export type Texts = Readonly<Record<string, string | undefined>>;

// How people's texts become the API's values, and back. Empty is null: what a merge patch takes for "none".

export const textOrNull = (text: string | undefined): string | null => text?.trim() || null;

/** NaN where it is no number: the API says so. */
export function numberOrNull(text: string | undefined): number | null {
  const given = textOrNull(text);
  return given === null ? null : Number(given);
}

/** A payload as it was typed: JSON where it is JSON, else the text itself. */
export function payloadOf(text: string | undefined): unknown {
  if (!text?.trim()) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What `payloadOf` reads back as the same. */
export function payloadText(payload: unknown): string {
  if (payload === null || payload === undefined) return '';
  return typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2);
}

/** Words with commas, spaces or line ends between. */
export const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/[\s,]+/).filter(Boolean);

/** `Name: value`, one per line. */
export function headersOf(text: string | undefined): Record<string, string> {
  const lines = (text ?? '').split('\n').filter((line) => line.trim());
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.join(':').trim()];
    }),
  );
}

export const headersText = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

/** The headers as a merge patch: null takes away what is there no more. */
export function headersPatch(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const gone = Object.keys(before).filter((name) => !(name in after));
  return { ...after, ...Object.fromEntries(gone.map((name) => [name, null])) };
}

/**
 * A body without what stands as it is shown. The API checks what a change names, and what is there may have been given
 * under other rules.
 */
export function onlyChanges<Body extends object>(body: Body, shown: object): Partial<Body> {
  const before = shown as Readonly<Record<string, unknown>>;
  const same = (name: string, value: unknown) => JSON.stringify(value) === JSON.stringify(before[name] ?? null);
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => !same(name, value))) as Partial<Body>;
}

/** A body without what is null, for what is created: there, left out is "none". */
export function withoutNulls<Body extends object>(body: Body): { [Name in keyof Body]?: NonNullable<Body[Name]> } {
  const given = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as { [Name in keyof Body]?: NonNullable<Body[Name]> };
}

/** A moment from a field of type datetime-local, which is in the viewer's zone. */
export const momentOrNull = (text: string | undefined): string | null => (text ? new Date(text).toISOString() : null);

/** A moment as such a field takes it; empty, where it is none. */
export function localInput(at: string | null | undefined): string {
  const moment = new Date(at ?? Number.NaN);
  if (Number.isNaN(moment.getTime())) return '';
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
