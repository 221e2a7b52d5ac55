import { useState } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import type { Problem } from '../../api/problem.js';
import { SelectField } from '../../components/select-field.js';
import { useTargetKind } from '../../components/targets.js';

interface DestinationFieldsProps {
  readonly schedule: Schemas['Schedule'] | undefined;
  readonly problem: Problem | undefined;
}

/** Fields of the destination: an endpoint, or an inline target. */
export function DestinationFields({ schedule, problem }: DestinationFieldsProps) {
  const endpoints = useNames('endpoints');
  const [chosen, setChosen] = useState(schedule?.endpoint_id ?? '');
  const { kind, choice } = useTargetKind(schedule?.target);
  const choose = (event: Event) => setChosen((event.currentTarget as HTMLSelectElement).value);
  return (
    <div class="form-grid">
      <SelectField
        name="endpoint_id"
        label="Endpoint"
        options={endpoints}
        value={chosen}
        none="None: an inline target"
        onChange={choose}
        problem={problem}
      />
      {chosen === '' && choice}
      {chosen === '' && (
        <kind.Address at="/target" placeholder="https://example.com/hook" target={schedule?.target} problem={problem} />
      )}
    </div>
  );
}
