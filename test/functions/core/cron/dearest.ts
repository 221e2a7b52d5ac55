/** The dearest there are: few dates, far away, and a zone whose clocks change all the time until then. */
export const DEAREST = [
  ['0 0 * 2 1#5', 'UTC', '2072-03-01T00:00:00Z'],
  ['0 0 * 2 1#5', 'America/New_York', '2072-03-01T00:00:00Z'],
  ['0 0 29 2 */4', 'Africa/Casablanca', '2026-01-01T00:00:00Z'],
  ['59 59 23 29 2 *', 'Antarctica/Troll', '2096-03-01T00:00:00Z'],
  ['30 2 * 2 0#5', 'Pacific/Apia', '1900-01-01T00:00:00Z'],
  ['0-59 0-59 0-23 29 2 1', 'Australia/Lord_Howe', '2026-01-01T00:00:00Z'],
  ['0-59 0-59 1-2 * * *', 'America/New_York', '2026-11-01T06:00:01Z'],
] as const;
