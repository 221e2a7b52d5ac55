import * as z from 'zod/mini';

export const HOW_TO_GIVE_A_MOMENT =
  'Give a time as ISO 8601 with its offset ("2026-03-01T09:00:00Z"), or as Unix seconds (not milliseconds).';
const NO_OFFSET =
  'A date needs a time and an offset to name one moment: "2026-03-01T09:00:00Z" in UTC, or "2026-03-01T09:00:00+01:00".';
const NO_TEXT = 'Unix seconds are a number, without quotation marks.';
const NO_LEAP_SECOND = 'Leap seconds are no Unix time: give second 59, or second 0 of the next minute.';
const NO_SUCH_TIME = 'There is no such date, time of day or offset.';

/** The years 1 to 9999, which ISO 8601 writes with four digits, in Unix seconds. */
const [EARLIEST, LATEST] = [-62_135_596_800, 253_402_300_799];

/** A moment further ahead is taken for a mistake. */
export const MAX_AHEAD_MS = 5 * 366 * 24 * 60 * 60 * 1000;
export const TOO_FAR_AHEAD = 'More than five years ahead.';
/** "Now" in whole seconds, or by a clock slightly behind ours, does not count as past. */
export const TOLERATED_PAST_MS = 2_000;

const DATE = /(\d{4})-?(\d\d)-?(\d\d)/.source;
const TIME = /(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?/.source;
const OFFSET = /(?:[Zz]|([+-]\d\d)(?::?(\d\d))?)/.source;
const SPELLED = new RegExp(`^${DATE}[Tt ]${TIME}${OFFSET}$`);
const WITHOUT_OFFSET = new RegExp(`^${DATE}(?:[Tt ]${TIME})?$`);

/**
 * The same time in the form of RFC 3339, if ISO 8601 leaves no doubt: `09:00Z`, `20260301T090000Z`, `+0530`, `+05`,
 * small letters, a space for the T, a comma before the fraction, 24:00. Any other text stays as it is.
 */
function asRfc3339(text: string): string {
  const [all, year, month, day, hour, minute = '00', second = '00', fraction, offset, offsetMinutes = '00'] =
    SPELLED.exec(text) ?? [];
  if (all === undefined) return text;
  const date = `${year}-${month}-${day}`;
  const isMidnight = hour === '24' && !/[1-9]/.test(`${minute}${second}${fraction ?? ''}`);
  const [on, at] = isMidnight ? [dayAfter(date), '00'] : [date, hour];
  const digits = fraction === undefined ? '' : `.${fraction}`;
  return `${on}T${at}:${minute}:${second}${digits}${offset === undefined ? 'Z' : `${offset}:${offsetMinutes}`}`;
}

/** A date that does not exist is returned unchanged, and the check refuses it. */
function dayAfter(date: string): string {
  const at = Date.parse(`${date}T24:00:00Z`);
  const exists = !Number.isNaN(at) && new Date(at - 1).toISOString().startsWith(date);
  return exists ? new Date(at).toISOString().slice(0, 10) : date;
}

/** Why a value is refused, with what to send instead. */
function whyNot({ input }: { readonly input?: unknown }): string {
  if (typeof input !== 'string') return HOW_TO_GIVE_A_MOMENT;
  if (/^\d{9,11}$/.test(input)) return NO_TEXT;
  if (WITHOUT_OFFSET.test(input)) return NO_OFFSET;
  if (SPELLED.exec(input)?.[6] === '60') return NO_LEAP_SECOND;
  return SPELLED.test(input) ? NO_SUCH_TIME : HOW_TO_GIVE_A_MOMENT;
}

// An offset can move a date out of the years that are written.
const withinYears = z.refine<number>(
  (at) => at >= EARLIEST * 1000 && at < (LATEST + 1) * 1000,
  'Must lie between the years 1 and 9999.',
);

const unixMoment = z.pipe(
  z.number().check(z.gte(EARLIEST, HOW_TO_GIVE_A_MOMENT), z.lte(LATEST, HOW_TO_GIVE_A_MOMENT)),
  z.transform((seconds: number) => Math.round(seconds * 1000)),
);

/** A time as ISO 8601 with any offset, read as Unix milliseconds. */
export const isoMoment = z
  .pipe(
    z.string().check(z.overwrite(asRfc3339), z.iso.datetime({ offset: true, error: whyNot })),
    z.transform((text: string) => Date.parse(text)),
  )
  .check(withinYears);

/** A time in a request: ISO 8601 with any offset, or Unix seconds. Read as Unix milliseconds. */
export const moment = z.union([unixMoment, isoMoment], { error: whyNot });

/** A span of 0 to `max` seconds, rounded to milliseconds: DynamoDB refuses numbers below 1e-130. */
export function secondsSchema(max: number) {
  return z.pipe(
    z.number().check(z.gte(0), z.lte(max)),
    z.transform((seconds: number) => Math.round(seconds * 1000) / 1000),
  );
}
