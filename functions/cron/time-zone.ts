// Only the functions are imported: with the classes each cold start would load three times as much code.
import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import { getTimeZoneTransition, offsetNanoseconds } from 'temporal-polyfill/fns/ZonedDateTime';
import { BoundedCache } from '../primitives/bounded-cache.js';
import { DAY_MS } from './days.js';

/** A time span without a clock change in the zone, in Unix milliseconds. */
export interface Segment {
  /** The span may really begin earlier. */
  readonly start: number;
  /** The moment of the next clock change; Infinity without one. */
  readonly end: number;
  /** By how many milliseconds wall clocks are ahead of UTC. */
  readonly offset: number;
}

/**
 * Whether the name is an IANA name, in any case (`Europe/Berlin`, `UTC`); offsets such as `+02:00` are not. The library
 * that computes with the zone decides: Intl also takes 25 old abbreviations (`IST`, `PST`) that the library refuses.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w/+-]*$/.test(name)) return false;
  try {
    toZonedDateTimeISO(fromEpochMilliseconds(0), name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Known segments by zone: finding one takes about a millisecond, and most are needed again. */
const known = new BoundedCache<Segment[]>(1_000);
/** Per zone. Only a search through decades needs more. */
const MAX_KNOWN = 200;

/** The segment of `zone` that contains `at` (Unix milliseconds). @throws RangeError for an unknown zone */
export function segmentAt(zone: string, at: number): Segment {
  const segments = known.get(zone) ?? [];
  const found = segments.find(({ start, end }) => start <= at && at < end);
  if (found !== undefined) return found;
  const segment = findSegment(zone, at);
  known.set(zone, [segment, ...segments.slice(0, MAX_KNOWN - 1)]);
  return segment;
}

/** Searches from a day earlier, so that a later question about the hours before finds the same segment. */
function findSegment(zone: string, at: number): Segment {
  let local = toZonedDateTimeISO(fromEpochMilliseconds(at - DAY_MS), zone);
  for (;;) {
    const next = getTimeZoneTransition(local, 'next');
    const end = next?.epochMilliseconds ?? Infinity;
    if (next == null || end > at)
      return { start: local.epochMilliseconds, end, offset: offsetNanoseconds(local) / 1e6 };
    local = next;
  }
}
