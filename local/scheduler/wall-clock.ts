const DAY_MS = 24 * 3600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError for a zone that IANA does not know. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const part = 'numeric' as const;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: part,
    month: part,
    day: part,
    hour: part,
    minute: part,
    second: part,
  });
  formats.set(zone, format);
  return format;
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall in `zone` shows at `instant`, as if it were UTC (ms; whole seconds). */
export function wallClockAt(instant: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  );
  return Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
}

/**
 * The first instant at which a clock in `zone` shows `wall` (ms, as if UTC); undefined where clocks skip that time.
 * A day before and a day after the zone has the only two offsets that can apply.
 */
export function instantOf(wall: number, zone: string): number | undefined {
  const candidates = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)].map((offset) => wall - offset);
  return candidates.sort((a, b) => a - b).find((instant) => wallClockAt(instant, zone) === wall);
}

/** As instantOf, but a skipped time counts with the offset that held before the clocks were changed. */
export function instantOfOrShifted(wall: number, zone: string): number {
  return instantOf(wall, zone) ?? wall - offsetAt(wall - DAY_MS, zone);
}

function offsetAt(instant: number, zone: string): number {
  const wholeSeconds = Math.floor(instant / 1000) * 1000;
  return wallClockAt(wholeSeconds, zone) - wholeSeconds;
}
