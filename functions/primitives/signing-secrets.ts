/** A replaced secret, encrypted, and until when it still signs (Unix milliseconds). */
export interface RetiringSecret {
  readonly sealed: string;
  readonly until: number;
}

/** Each retiring secret adds about fifty characters to the signature header. */
const MAX_RETIRING = 4;

/**
 * The secrets that still sign after a rotation: the replaced secrets sign until `graceUntil`. Secrets of an earlier
 * rotation keep their own time, unless the new grace ends sooner: a grace of 0 ends all of them.
 */
export function retired(
  replaced: readonly string[],
  earlier: readonly RetiringSecret[],
  graceUntil: number,
  now: number,
): RetiringSecret[] {
  return [...replaced.map((sealed) => ({ sealed, until: graceUntil })), ...earlier]
    .map(({ sealed, until }) => ({ sealed, until: Math.min(until, graceUntil) }))
    .filter(({ until }) => until > now)
    .slice(0, MAX_RETIRING);
}

/** The encrypted secrets that sign at `now`, newest first. */
export function secretsAt(
  newest: readonly string[],
  retiring: readonly RetiringSecret[] | undefined,
  now: number,
): string[] {
  return [...newest, ...(retiring ?? []).filter(({ until }) => until > now).map(({ sealed }) => sealed)];
}
