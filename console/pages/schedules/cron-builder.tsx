import { type CronParts, cronOf, FIRST_PARTS, partsOf, REPEATS, type Repeat } from './cron-parts.js';

interface CronBuilderProps {
  readonly cron: string;
  readonly onCron: (cron: string) => void;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MINUTES = [1, 2, 5, 10, 15, 20, 30];

/** Makes a cron expression out of choices. Its fields have no names: the expression alone is sent. */
export function CronBuilder({ cron, onCron }: CronBuilderProps) {
  const parts = partsOf(cron);
  const set = (changes: Partial<CronParts>) => onCron(cronOf({ ...(parts ?? FIRST_PARTS), ...changes }));
  return (
    <div class="row cron-builder">
      <select
        aria-label="Repeats"
        value={parts?.repeat ?? ''}
        onChange={(event) => set({ repeat: event.currentTarget.value as Repeat })}
      >
        {!parts && <option value="">{cron.trim() ? 'By its own expression' : 'Choose how often'}</option>}
        {Object.entries(REPEATS).map(([repeat, text]) => (
          <option key={repeat} value={repeat}>
            {text}
          </option>
        ))}
      </select>
      {parts && <PartFields parts={parts} set={set} />}
    </div>
  );
}

interface PartFieldsProps {
  readonly parts: CronParts;
  readonly set: (changes: Partial<CronParts>) => void;
}

/** The fields that the kind of repetition needs. */
function PartFields({ parts: { repeat, every, time, weekday, day }, set }: PartFieldsProps) {
  if (repeat === 'minutes')
    return (
      <select
        aria-label="Minutes"
        value={every}
        onChange={(event) => set({ every: Number(event.currentTarget.value) })}
      >
        {[...new Set([...MINUTES, every])].map((minutes) => (
          <option key={minutes} value={minutes}>
            {minutes === 1 ? 'each minute' : `each ${minutes} minutes`}
          </option>
        ))}
      </select>
    );
  return (
    <>
      {repeat === 'weekly' && (
        <select
          aria-label="Day of the week"
          value={weekday}
          onChange={(event) => set({ weekday: Number(event.currentTarget.value) })}
        >
          {DAYS.map((name, number) => (
            <option key={name} value={number}>
              on {name}
            </option>
          ))}
        </select>
      )}
      {repeat === 'monthly' && (
        <select aria-label="Day of the month" value={day} onChange={(event) => set({ day: event.currentTarget.value })}>
          {[...Array.from({ length: 31 }, (_, index) => String(index + 1)), 'L'].map((one) => (
            <option key={one} value={one}>
              {one === 'L' ? 'on the last day' : `on day ${one}`}
            </option>
          ))}
        </select>
      )}
      {repeat === 'hourly' ? (
        <input
          type="number"
          aria-label="Minute of the hour"
          min={0}
          max={59}
          value={Number(time.slice(3))}
          onInput={(event) => set({ time: `00:${event.currentTarget.value.padStart(2, '0')}` })}
        />
      ) : (
        <input
          type="time"
          aria-label="Time of day"
          value={time}
          onInput={(event) => event.currentTarget.value && set({ time: event.currentTarget.value })}
        />
      )}
    </>
  );
}
