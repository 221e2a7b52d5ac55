const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** Seconds in its two largest units: `2 h 5 min`, `45 s`, `0 s`. */
export function durationText(seconds: number): string {
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0 s';
}

/** Milliseconds as text: `41 ms`, `1.5 s`, `2 min 5 s`. */
export function latencyText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : durationText(ms / 1000);
}

/** Distance of a moment from now: `in 5 min`, `3 h ago`, `now`. */
export function distanceText(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  if (seconds === 0) return 'now';
  const [largest] = durationText(Math.abs(seconds)).split(/(?<=[a-z]) /);
  return seconds > 0 ? `in ${largest}` : `${largest} ago`;
}
