/** How often a schedule repeats, as the builder offers it. */
export const REPEATS = {
  minutes: 'Every few minutes',
  hourly: 'Every hour',
  daily: 'Every day',
  weekdays: 'Every working day',
  weekly: 'Every week',
  monthly: 'Every month',
} as const;
export type Repeat = keyof typeof REPEATS;

/** What the builder makes a cron expression of. */
export interface CronParts {
  readonly repeat: Repeat;
  /** Minutes between two occurrences. */
  readonly every: number;
  /** Time of day, such as `09:30`; an hourly schedule uses its minute alone. */
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Day of the month; `L` is the last one. */
  readonly day: string;
}

export const FIRST_PARTS: CronParts = { repeat: 'daily', every: 15, time: '09:00', weekday: 1, day: '1' };

export function cronOf({ repeat, every, time, weekday, day }: CronParts): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  switch (repeat) {
    case 'minutes':
      return `*/${every} * * * *`;
    case 'hourly':
      return `${minute} * * * *`;
    case 'daily':
      return `${minute} ${hour} * * *`;
    case 'weekdays':
      return `${minute} ${hour} * * 1-5`;
    case 'weekly':
      return `${minute} ${hour} * * ${weekday}`;
    case 'monthly':
      return `${minute} ${hour} ${day} * *`;
  }
}

/** The parts of which the builder would make this expression; undefined for any other expression. */
export function partsOf(cron: string): CronParts | undefined {
  const [minute = '', hour = '', day = '', , weekday = ''] = cron.trim().split(/\s+/);
  const candidates: readonly Partial<CronParts>[] = [
    { repeat: 'minutes', every: Number(minute.slice(2)) },
    { repeat: 'hourly', time: timeOf('0', minute) },
    { repeat: 'daily', time: timeOf(hour, minute) },
    { repeat: 'weekdays', time: timeOf(hour, minute) },
    { repeat: 'weekly', time: timeOf(hour, minute), weekday: Number(weekday) },
    { repeat: 'monthly', time: timeOf(hour, minute), day },
  ];
  return candidates
    .map((candidate) => ({ ...FIRST_PARTS, ...candidate }))
    .find((parts) => cronOf(parts) === cron.trim().replace(/\s+/g, ' '));
}

const timeOf = (hour: string, minute: string): string => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
