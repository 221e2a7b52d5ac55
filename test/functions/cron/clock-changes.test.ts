import fc from 'fast-check';
import { parseCron } from '../../../functions/cron/expression.js';
import { nextOccurrence, nextOccurrences } from '../../../functions/cron/occurrences.js';
import { anyCron, type WrittenCron } from './arbitrary-cron.js';
import { matches, type Tick, walk, watchClock } from './clock-walk.js';

const HOUR = 3_600_000;

/** Clock changes of the nastier kinds: half an hour, two hours, over midnight, a day left out, twice around Ramadan. */
const CHANGES = [
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Antarctica/Troll', '2026-10-25T01:00Z'],
  ['America/Nuuk', '2026-03-29T01:00Z'],
  ['America/Nuuk', '2026-10-25T01:00Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Atlantic/Azores', '2026-03-29T01:00Z'],
  ['Atlantic/Azores', '2026-10-25T01:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00Z'],
  ['Asia/Beirut', '2026-10-24T21:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z'],
  ['Africa/Cairo', '2026-10-29T21:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
] as const;

const offsetOf = ({ at, wall }: Tick) => wall - at;

function fieldsOf(text: string): number[] {
  return text.split(/\D/).map(Number);
}

describe.each(CHANGES)('%s, %s', (zone, moment) => {
  const change = Date.parse(moment);
  let ticks: Tick[];
  beforeAll(() => {
    ticks = watchClock(zone, change - 8 * HOUR, change + 34 * HOUR);
  });

  test('the clocks do change there', () => {
    const index = ticks.findIndex(({ at }) => at === change);
    expect(offsetOf(ticks[index]!)).not.toBe(offsetOf(ticks[index - 1]!));
  });

  test('runs when a person who watches the clock and knows the rules would run it', () => {
    fc.assert(
      fc.property(anyCron, fc.integer({ min: -4 * 3600, max: 8 * 3600 }), (cron, seconds) => {
        // Asked from anywhere, also between the two passes of an hour, or right before a gap ends.
        const from = change + seconds * 1000 - 1;
        const expected = walk(cron, ticks).filter((at) => at > from);
        const parsed = parseCron(cron.text);
        const found: number[] = [];
        for (let at = from; found.length < expected.length; found.push(at)) at = nextOccurrence(parsed, zone, at).at;
        expect(found).toEqual(expected);
        expect(nextOccurrence(parsed, zone, found.at(-1) ?? from).at).toBeGreaterThanOrEqual(ticks.at(-1)!.at + 60_000);
      }),
      { numRuns: 25 },
    );
  });

  test('what is said to be shifted is the first moment after a gap, and nothing else misses its fields', () => {
    fc.assert(
      fc.property(anyCron, (cron) => {
        const wallAt = new Map(ticks.map(({ at, wall }) => [at, wall]));
        const end = ticks.at(-1)!.at;
        const seen = nextOccurrences(parseCron(cron.text), zone, change - 5 * HOUR, 30).filter(({ at }) => at <= end);
        expect(seen.filter(({ shifted }) => shifted).map(({ at }) => at)).toEqual(
          seen.map(({ at }) => at).filter((at) => !matches(cron, wallAt.get(at)!)),
        );
        expect(seen.filter(({ at, shifted }) => shifted && at !== change)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

const anyZone = fc.constantFrom(...new Set(CHANGES.map(([zone]) => zone)), 'UTC', 'America/New_York', 'Asia/Kathmandu');
const anyMoment = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) });
const anyDaysOf = anyCron.map(({ dayOfMonth, month, dayOfWeek }) =>
  [dayOfMonth, month, dayOfWeek].map(({ text }) => text).join(' '),
);
const withSeconds = (cron: WrittenCron, seconds: string) => parseCron(`${seconds} ${cron.text}`);

test('over the years: ascending, and the same asked step by step, from anywhere in between, as asked at once', () => {
  const anySeconds = fc.constantFrom('0', '*', '*/25', '59', '0-1,30');
  fc.assert(
    fc.property(
      anyCron,
      anySeconds,
      anyZone,
      anyMoment,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (written, seconds, zone, from, part) => {
        const cron = withSeconds(written, seconds);
        const atOnce = nextOccurrences(cron, zone, from, 12);
        let last = from;
        for (const occurrence of atOnce) {
          expect(occurrence.at).toBeGreaterThan(last);
          const between = last + Math.floor((occurrence.at - last) * part);
          expect(nextOccurrence(cron, zone, between)).toEqual(occurrence);
          last = occurrence.at;
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('over the years, with seconds: what Intl shows at each moment is what the fields name', () => {
  fc.assert(
    fc.property(anyCron, fc.integer({ min: 0, max: 59 }), anyZone, anyMoment, (written, second, zone, from) => {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      for (const { at, shifted } of nextOccurrences(withSeconds(written, String(second)), zone, from, 5)) {
        const [year, month, day, hour, minute, shown] = fieldsOf(format.format(at));
        if (shifted) continue;
        expect(shown).toBe(second);
        expect(matches(written, Date.UTC(year!, month! - 1, day, hour, minute))).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test('over the decades: at noon, when no clock changes, every zone runs on the very days that UTC does', () => {
  const withNoon = anyZone.filter((zone) => zone !== 'Pacific/Apia'); // it left out a whole day once
  const daysOf = (expression: string, zone: string, from: number) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    return nextOccurrences(parseCron(expression), zone, from, 12).map(({ at }) => format.format(at));
  };
  const anyDays = fc.oneof(anyDaysOf, fc.constantFrom('29 2 *', '* 2 0#5', 'L 2 *', '31 * 1L', '13 */5 5'));
  fc.assert(
    fc.property(anyDays, withNoon, anyMoment, (days, zone, moment) => {
      const midnight = Math.floor(moment / (24 * HOUR)) * 24 * HOUR; // the same day's noon is still to come in all of them
      expect(daysOf(`0 12 ${days}`, zone, midnight - HOUR)).toEqual(daysOf(`0 12 ${days}`, 'UTC', midnight - HOUR));
    }),
    { numRuns: 200 },
  );
});
