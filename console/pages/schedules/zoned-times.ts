/** One occurrence in the schedule's own zone. */
export interface ZonedTime {
  readonly at: string;
  readonly text: string;
  /** Such as `GMT+2`. */
  readonly offset: string;
  /** The zone's clocks have changed since the occurrence before. */
  readonly clocksChanged: boolean;
}

/** Moments in `timezone`, with a mark where the zone's clocks have changed in between. */
export function zonedTimes(moments: readonly string[], timezone: string): readonly ZonedTime[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeZoneName: 'shortOffset' });
  const offsets = moments.map((at) => offsetOf(zone, new Date(at)));
  return moments.map((at, index) => ({
    at,
    text: format.format(new Date(at)),
    offset: offsets[index]!,
    clocksChanged: index > 0 && offsets[index] !== offsets[index - 1],
  }));
}

const offsetOf = (zone: Intl.DateTimeFormat, at: Date): string =>
  zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
