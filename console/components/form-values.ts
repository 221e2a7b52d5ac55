import { format } from 'jsonc-parser';
import { JsonText } from '../api/exact-payload.js';

/** What stands in a form's fields, by name; a ticked box is `on`, an empty one is missing. */
export type Texts = Readonly<Record<string, string | undefined>>;

// How people's texts become the API's values, and back. Empty is null: what a merge patch takes for "none".

export const textOrNull = (text: string | undefined): string | null => text?.trim() || null;

/** NaN where it is no number: the API says so. */
export function numberOrNull(text: string | undefined): number | null {
  const given = textOrNull(text);
  return given === null ? null : Number(given);
}

/** A payload as it was typed: JSON where it is JSON, else the text itself; the one `before` where its text still stands there. */
export function payloadOf(text: string | undefined, before?: unknown): unknown {
  if (text === inField(payloadText(before))) return before ?? null;
  if (!text?.trim()) return null;
  if (!isJson(text)) return text;
  const trimmed = text.trim();
  return trimmed === 'null' ? null : trimmed.startsWith('"') ? JSON.parse(trimmed) : new JsonText(trimmed);
}

/** A text area knows one kind of line end. */
const inField = (text: string): string => text.replace(/\r\n?/g, '\n');

/** A payload in a field. */
export function payloadText(payload: unknown): string {
  if (payload instanceof JsonText) return onLines(payload.text);
  return payload === null || payload === undefined ? '' : String(payload);
}

/** JSON over several lines, each of its tokens as it is; anything else as it is. */
export function onLines(text: string): string {
  if (!isJson(text)) return text;
  let at = 0;
  const parts = format(text, undefined, { insertSpaces: true, tabSize: 2 }).flatMap(({ offset, length, content }) => {
    const kept = text.slice(at, offset);
    at = offset + length;
    return [kept, content];
  });
  return parts.join('') + text.slice(at);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
