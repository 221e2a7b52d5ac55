import { useState } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import type { Problem } from '../../api/problem.js';
import { Field } from '../../components/field.js';
import { SelectField } from '../../components/select-field.js';

interface DestinationFieldsProps {
  readonly schedule: Schemas['Schedule'] | undefined;
  readonly problem: Problem | undefined;
}

/** Fields of the destination: an endpoint, or a URL. */
export function DestinationFields({ schedule, problem }: DestinationFieldsProps) {
  const endpoints = useNames('endpoints');
  const [chosen, setChosen] = useState(schedule?.endpoint_id ?? '');
  const choose = (event: Event) => setChosen((event.currentTarget as HTMLSelectElement).value);
  return (
    <div class="form-grid">
      <SelectField
        name="endpoint_id"
        label="Endpoint"
        options={endpoints}
        value={chosen}
        none="None: call a URL"
        onChange={choose}
        problem={problem}
      />
      {chosen === '' && (
        <Field
          name="url"
          label="URL"
          type="url"
          pointer="/target/url"
          placeholder="https://example.com/hook"
          defaultValue={schedule?.target?.url}
          problem={problem}
          required
        />
      )}
    </div>
  );
}
