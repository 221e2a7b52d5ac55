// The functions alone: the classes would be three times as much for every cold start to load.
import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import { getTimeZoneTransition, offsetNanoseconds } from 'temporal-polyfill/fns/ZonedDateTime';
import { BoundedCache } from '../primitives/bounded-cache.js';
import { DAY_MS } from './days.js';

/** A stretch of time in which a zone's clocks run undisturbed, in Unix milliseconds. */
export interface Segment {
  /** They may have done so for longer. */
  readonly start: number;
  /** The moment of the next clock change; Infinity for none. */
  readonly end: number;
  /** Milliseconds that wall clocks are ahead of UTC. */
  readonly offset: number;
}

/**
 * An IANA name, in any case (`Europe/Berlin`, `UTC`); offsets such as `+02:00` are none. The library that computes
 * with the zone decides: Intl also takes 25 old abbreviations (`IST`, `PST`) that the arithmetic does not.
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

/** Segments found before, by zone: finding one costs about a millisecond, and most are asked for again. */
const known = new BoundedCache<Segment[]>(1_000);
/** For one zone. More are only needed when somebody looks at decades. */
const MAX_KNOWN = 200;

/** The segment of `zone` that contains the moment `at` (Unix milliseconds). @throws RangeError for an unknown zone */
export function segmentAt(zone: string, at: number): Segment {
  const segments = known.get(zone) ?? [];
  const found = segments.find(({ start, end }) => start <= at && at < end);
  if (found !== undefined) return found;
  const segment = findSegment(zone, at);
  known.set(zone, [segment, ...segments.slice(0, MAX_KNOWN - 1)]);
  return segment;
}

/** From a day earlier on, so that a question about the hours before finds the same segment; its start may be earlier. */
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
