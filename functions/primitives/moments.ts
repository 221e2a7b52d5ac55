/** A time in an answer: ISO 8601, UTC, with milliseconds. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

export function timeOrNull(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
