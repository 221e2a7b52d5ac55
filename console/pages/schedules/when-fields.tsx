import { useState } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';
import { faultAt, type Problem } from '../../api/problem.js';
import { Field } from '../../components/field.js';
import { localInput } from '../../components/form-values.js';
import { VIEWERS_ZONE } from '../../components/zones.js';
import { CronBuilder } from './cron-builder.js';
import { Occurrences } from './occurrences.js';
import { usePreview } from './use-preview.js';

interface WhenFieldsProps {
  readonly schedule: Schemas['Schedule'] | undefined;
  /** Whether the schedule has one moment in place of a cron expression. */
  readonly once: boolean;
  readonly onOnce: (once: boolean) => void;
  readonly problem: Problem | undefined;
}

export function WhenFields({ schedule, once, onOnce, problem }: WhenFieldsProps) {
  return (
    <fieldset class="when">
      <legend class="field-label">When</legend>
      <div class="row">
        <label class="choice">
          <input type="radio" name="kind" checked={!once} onChange={() => onOnce(false)} /> Recurring
        </label>
        <label class="choice">
          <input type="radio" name="kind" checked={once} onChange={() => onOnce(true)} /> Once
        </label>
      </div>
      {once ? (
        <Field
          name="run_at"
          label="Moment"
          type="datetime-local"
          step={1}
          defaultValue={localInput(schedule?.run_at)}
          hint={`By your own clock (${VIEWERS_ZONE}).`}
          problem={problem}
          required
        />
      ) : (
        <CronFields schedule={schedule} problem={problem} />
      )}
    </fieldset>
  );
}

/** The cron expression, with its meaning while the user types. */
function CronFields({ schedule, problem }: Pick<WhenFieldsProps, 'schedule' | 'problem'>) {
  const [cron, setCron] = useState(schedule?.cron ?? '');
  const [timezone, setTimezone] = useState(schedule?.timezone ?? VIEWERS_ZONE);
  const { preview, problem: misread } = usePreview(cron, timezone);
  const said = problem && (faultAt(problem, '/cron') || faultAt(problem, '/timezone')) ? problem : misread;
  return (
    <div class="when-columns">
      <div class="stack">
        <CronBuilder cron={cron} onCron={setCron} />
        <Field
          name="cron"
          label="Cron expression"
          class="cron"
          placeholder="*/15 9-17 * * 1-5"
          value={cron}
          onInput={(event) => setCron(event.currentTarget.value)}
          hint="Minute, hour, day, month, weekday; a sixth field in front is the second. Names such as MON and @daily are allowed."
          autocomplete="off"
          spellcheck={false}
          problem={said}
          required
        />
        <Field
          name="timezone"
          label="Time zone"
          list="timezones"
          value={timezone}
          onInput={(event) => setTimezone(event.currentTarget.value)}
          problem={said}
          required
        />
        <datalist id="timezones">
          {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <div class="when-preview" aria-live="polite">
        {preview ? (
          <Occurrences preview={preview} timezone={timezone} />
        ) : (
          <p class="quiet">
            Choose how often, or type an expression. Its meaning and its next ten runs are shown here.
          </p>
        )}
      </div>
    </div>
  );
}
