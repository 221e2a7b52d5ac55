const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** As many ranges as an expression holds, each another one, and none as the library takes lists. */
const RANGES = numbers(0, 130).map((i) => `${i % 10}-${10 + Math.floor(i / 10)}`);
const WORKDAYS = [...numbers(1, 31).map((day) => `${day}W`), ...numbers(1, 30).map((day) => `L-${day}W`), 'LW'];

/** The dearest there are: few dates, far away, and a zone whose clocks change all the time until then; or much to read. */
export const DEAREST = [
  ['0 0 * 2 1#5', 'UTC', '2072-03-01T00:00:00Z'],
  ['0 0 * 2 1#5', 'America/New_York', '2072-03-01T00:00:00Z'],
  ['0 0 29 2 */4', 'Africa/Casablanca', '2026-01-01T00:00:00Z'],
  ['59 59 23 29 2 *', 'Antarctica/Troll', '2096-03-01T00:00:00Z'],
  ['30 2 * 2 0#5', 'Pacific/Apia', '1900-01-01T00:00:00Z'],
  ['0-59 0-59 0-23 29 2 1', 'Australia/Lord_Howe', '2026-01-01T00:00:00Z'],
  ['0-59 0-59 1-2 * * *', 'America/New_York', '2026-11-01T06:00:01Z'],
  [`${RANGES} 0 29 2 *`, 'UTC', '2096-03-01T00:00:00Z'],
  [`0 ${RANGES.map((_, i) => `${23 - (i % 9)}-${Math.floor(i / 9)}`)} 29 2 *`, 'UTC', '2096-03-01T00:00:00Z'],
  [`0 0 ${WORKDAYS} 2 */4`, 'UTC', '2096-03-01T00:00:00Z'],
  ['0 0 29W 2 */4', 'America/New_York', '2096-03-01T00:00:00Z'],
] as const;
