import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { BulkJob } from '../../components/bulk-job.js';
import { Field } from '../../components/field.js';
import { localInput } from '../../components/form-values.js';
import { VIEWERS_ZONE } from '../../components/zones.js';

interface RecoverProps {
  readonly endpoint: Schemas['Endpoint'];
  readonly onDone: () => void;
}

const DAY_MS = 86_400_000;

/** Replays the endpoint's open dead letters since a moment, by default since it fails, or of the last day. */
export function Recover({ endpoint: { id, failing_since }, onDone }: RecoverProps) {
  const { api } = useProject();
  const [text, setText] = useState(() => localInput(failing_since ?? new Date(Date.now() - DAY_MS).toISOString()));
  // A field that is being emptied keeps the moment that it had.
  const change = ({ currentTarget: { value } }: { readonly currentTarget: HTMLInputElement }) =>
    value && setText(value);
  const since = new Date(text).toISOString();
  const counted = { endpoint_id: id, since, dry_run: true };
  return (
    <BulkJob
      of={`${id} ${since}`}
      onDone={onDone}
      label="Recover"
      opener="Recover…"
      done="replayed"
      fields={
        <Field
          name="since"
          label={`Died since (${VIEWERS_ZONE})`}
          type="datetime-local"
          value={text}
          onInput={change}
          required
        />
      }
      what={(count) => (
        <>
          open dead {count === '1' ? 'letter' : 'letters'} of this endpoint. Each is called again, about fifty a second,
          with all attempts of its retry policy.
        </>
      )}
      count={(_until, signal) => answerOf(api.POST('/v1/dead-letters/replay', { body: counted, signal }))}
      begin={() => answerOf(api.POST('/v1/endpoints/{id}/recover', { params: { path: { id } }, body: { since } }))}
      callOf={() => ({ path: '/v1/endpoints/{id}/recover', id, body: { since } })}
    />
  );
}
