/** A second, but for what sums of fractions of milliseconds are out by. */
const SECOND_MS = 1_000 - 0.01;

/** The most of these moments (Unix milliseconds, ascending) that lie within any one second. */
export function mostInASecond(moments: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, moment] of moments.entries()) {
    while (moment - moments[first]! >= SECOND_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
