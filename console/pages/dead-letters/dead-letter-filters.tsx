import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { Field } from '../../components/field.js';
import { usePlace } from '../../shell/location.js';
import '../runs/run-filters.css';

type Status = Schemas['DeadLetterStatus'];
type Reason = Schemas['DeadReason'];

export interface LetterFilter {
  readonly status: Status | undefined;
  readonly endpoint_id: string | undefined;
  readonly reason: Reason | undefined;
}

const STATUSES: readonly Status[] = ['open', 'replayed', 'resolved'];
/** In the address: there is no such status. */
const ANY = 'any';

/** What each reason says. */
export const REASONS: Readonly<Record<Reason, string>> = {
  attempts_exhausted: 'attempts exhausted',
  non_retryable: 'not retryable',
  blocked: 'blocked address',
  endpoint_disabled: 'endpoint disabled',
  given_up: 'given up',
  worker_failure: 'worker failure',
};

/** What the address asks for; open ones, unless it says otherwise. */
export function useLetterFilter(): LetterFilter {
  const { status = 'open', endpoint_id, reason } = usePlace().query;
  return { status: status === ANY ? undefined : (status as Status), endpoint_id, reason: reason as Reason | undefined };
}

export function DeadLetterFilters({ filter: chosen }: { readonly filter: LetterFilter }) {
  const { filter } = usePlace();
  const endpoints = useNames('endpoints');
  const change = (event: Event) => {
    const { name, value } = event.currentTarget as HTMLSelectElement;
    filter({ [name]: value, cursor: undefined });
  };
  return (
    <search class="run-filters">
      <Field name="status" label="Status">
        {(props) => (
          <select {...props} value={chosen.status ?? ANY} onChange={change}>
            {[...STATUSES, ANY].map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
        )}
      </Field>
      <Field name="endpoint_id" label="Endpoint">
        {(props) => (
          <select {...props} value={chosen.endpoint_id ?? ''} onChange={change}>
            <option value="">any</option>
            {[...endpoints].map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="reason" label="Reason">
        {(props) => (
          <select {...props} value={chosen.reason ?? ''} onChange={change}>
            <option value="">any</option>
            {Object.entries(REASONS).map(([reason, text]) => (
              <option key={reason} value={reason}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
    </search>
  );
}
