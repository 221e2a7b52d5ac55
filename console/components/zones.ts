/** The zone of the viewer's browser. */
export const VIEWERS_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones in which the console may show moments: the viewer's, UTC, or that of a moment's schedule. */
export const ZONE_CHOICES = ['mine', 'utc', 'schedule'] as const;
export type ZoneChoice = (typeof ZONE_CHOICES)[number];

/** The choice as the address has it. */
export const zoneChoice = (asked: string | undefined): ZoneChoice =>
  ZONE_CHOICES.find((choice) => choice === asked) ?? 'mine';

/** The zone of a moment. A moment without a schedule is in the viewer's zone where the schedule's was chosen. */
export function zoneFor(choice: ZoneChoice, schedules?: string): string {
  if (choice === 'utc') return 'UTC';
  return (choice === 'schedule' && schedules) || VIEWERS_ZONE;
}

const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/** A moment by the clock of a zone, in the shortest clear form; without the zone's name. */
export function clockText(at: Date, zone: string, now = new Date()): string {
  const day = (moment: Date) => formatted(moment, zone, { ...DAY, year: 'numeric' });
  if (day(at) === day(now)) return formatted(at, zone, TIME);
  const isThisYear = formatted(at, zone, { year: 'numeric' }) === formatted(now, zone, { year: 'numeric' });
  return formatted(at, zone, { ...DAY, ...(!isThisYear && { year: 'numeric' }), ...TIME });
}

/** The name of a zone's clock at a moment, such as `CET`, `CEST` or `GMT+5:30`. */
export function zoneName(at: Date, zone: string): string {
  const parts = formatOf(zone, { timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** The whole moment with its zone. */
export const wholeText = (at: Date, zone: string): string =>
  `${formatted(at, zone, { ...DAY, year: 'numeric', ...TIME })} ${zoneName(at, zone)}`;

export const formatted = (at: Date, zone: string, options: Intl.DateTimeFormatOptions): string =>
  formatOf(zone, options).format(at);

/** A format costs a hundred times what its use costs, and a list shows hundreds of moments. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([timeZone, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  formats.set(key, format);
  return format;
}
