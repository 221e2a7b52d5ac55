/** A secret that was replaced, encrypted, and until when it still signs (Unix milliseconds). */
export interface RetiringSecret {
  readonly sealed: string;
  readonly until: number;
}

/** Each makes the signature header longer by some fifty characters. */
const MAX_RETIRING = 4;

/**
 * What signs on after a rotation: the secrets it replaced, until `graceUntil`. Those that an earlier rotation left behind
 * keep their own time, unless the new grace ends sooner: no grace at all ends them all.
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

/** The encrypted secrets that sign at `now`, the newest first. */
export function secretsAt(
  newest: readonly string[],
  retiring: readonly RetiringSecret[] | undefined,
  now: number,
): string[] {
  return [...newest, ...(retiring ?? []).filter(({ until }) => until > now).map(({ sealed }) => sealed)];
}
