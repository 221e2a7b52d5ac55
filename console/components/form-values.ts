import { format } from 'jsonc-parser';
import { JsonText } from '../api/exact-payload.js';
import { isJson } from './json-fault.js';

/** Texts of a form's fields, by name; a ticked box is `on`, an empty box is missing. */
export type Texts = Readonly<Record<string, string | undefined>>;

// Conversions between a form's texts and the API's values. Empty text becomes null, a merge patch's "none".

export const textOrNull = (text: string | undefined): string | null => text?.trim() || null;

/** NaN for text that is no number; the API then refuses it. */
export function numberOrNull(text: string | undefined): number | null {
  const given = textOrNull(text);
  return given === null ? null : Number(given);
}

export type PayloadKind = 'json' | 'text';

/** The kind of a payload as its field shows it; an empty payload is JSON still to be typed. */
export const payloadKind = (payload: unknown): PayloadKind => (typeof payload === 'string' ? 'text' : 'json');

/**
 * The payload of a form: text, or JSON as it was typed; `before` while the form still shows it.
 * @throws SyntaxError for a text that is no JSON where JSON was chosen; the field keeps such a form from being sent
 */
export function payloadOf({ payload: text, payload_kind: kind }: Texts, before?: unknown): unknown {
  if (kind === payloadKind(before) && text === inField(payloadText(before))) return before ?? null;
  if (!text?.trim()) return null;
  if (kind === 'text') return text;
  const value: unknown = JSON.parse(text);
  return value === null || typeof value === 'string' ? value : new JsonText(text.trim());
}

/** The text as a text area holds it, with one kind of line end. */
const inField = (text: string): string => text.replace(/\r\n?/g, '\n');

/** The text of a payload for a field. */
export function payloadText(payload: unknown): string {
  if (payload instanceof JsonText) return onLines(payload.text);
  return payload === null || payload === undefined ? '' : String(payload);
}

/** JSON over several lines with unchanged tokens; any other text unchanged. */
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

/** Words separated by commas, spaces or line ends. */
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

/**
 * A body without unchanged fields. The API checks every field that a change names, and an old value may break newer
 * rules.
 */
export function onlyChanges<Body extends object>(body: Body, shown: object): Partial<Body> {
  const before = shown as Readonly<Record<string, unknown>>;
  const same = (name: string, value: unknown) => JSON.stringify(value) === JSON.stringify(before[name] ?? null);
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => !same(name, value))) as Partial<Body>;
}

/** A body without null fields, for a creation, where an omitted field means "none". */
export function withoutNulls<Body extends object>(body: Body): { [Name in keyof Body]?: NonNullable<Body[Name]> } {
  const given = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as { [Name in keyof Body]?: NonNullable<Body[Name]> };
}

/** A moment from a field of type datetime-local, whose text is in the viewer's zone. */
export const momentOrNull = (text: string | undefined): string | null => (text ? new Date(text).toISOString() : null);

/** The text of a moment for a field of type datetime-local; empty without a moment. */
export function localInput(at: string | null | undefined): string {
  const moment = new Date(at ?? Number.NaN);
  if (Number.isNaN(moment.getTime())) return '';
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Labels, one `key: value` in each line. */
export function labelsOf(text: string | undefined): Record<string, string> | null {
  const lines = (text ?? '').split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => {
    const [key = '', ...value] = line.split(':');
    return [key.trim(), value.join(':').trim()] as const;
  });
  return lines.length === 0 ? null : Object.fromEntries(pairs);
}

export function labelsText(labels: Readonly<Record<string, string>> = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}
