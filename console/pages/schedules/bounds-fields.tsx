import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import type { Problem } from '../../api/problem.js';
import { Field } from '../../components/field.js';
import { localInput } from '../../components/form-values.js';
import { SelectField } from '../../components/select-field.js';
import { VIEWERS_ZONE } from '../../components/zones.js';

interface BoundsFieldsProps {
  readonly schedule: Schemas['Schedule'] | undefined;
  readonly problem: Problem | undefined;
}

const OVERLAP = [
  ['skip', 'Skip the next one'],
  ['allow', 'Let both run'],
  ['cancel_previous', 'Cancel the one before'],
] as const;

const MISFIRE = [
  ['fire_once', 'Run once for all of them'],
  ['skip', 'Skip them'],
] as const;

/** Fields for overlapping and missed occurrences, and for the schedule's end. */
export function BoundsFields({ schedule, problem }: BoundsFieldsProps) {
  const policies = useNames('retry-policies');
  return (
    <div class="form-grid">
      <SelectField
        name="overlap_policy"
        label="While a run executes"
        options={OVERLAP}
        value={schedule?.overlap_policy}
        problem={problem}
      />
      <SelectField
        name="misfire_policy"
        label="Moments missed in an outage"
        options={MISFIRE}
        value={schedule?.misfire_policy}
        problem={problem}
      />
      <SelectField
        name="retry_policy_id"
        label="Retry policy"
        options={policies}
        value={schedule?.retry_policy_id}
        none="Of the endpoint"
        hint="Of an inline target: the default."
        problem={problem}
      />
      <Field
        name="start_at"
        label={`Not before (${VIEWERS_ZONE})`}
        type="datetime-local"
        defaultValue={localInput(schedule?.start_at)}
        problem={problem}
      />
      <Field
        name="end_at"
        label={`Not after (${VIEWERS_ZONE})`}
        type="datetime-local"
        defaultValue={localInput(schedule?.end_at)}
        problem={problem}
      />
      <Field
        name="max_runs"
        label="Runs, at most"
        type="number"
        min={1}
        defaultValue={schedule?.max_runs ?? ''}
        problem={problem}
      />
      <Field
        name="jitter_seconds"
        label="Jitter, in seconds"
        type="number"
        min={0}
        defaultValue={schedule?.jitter_seconds ?? ''}
        hint="Puts each run off by up to this long."
        problem={problem}
      />
    </div>
  );
}
