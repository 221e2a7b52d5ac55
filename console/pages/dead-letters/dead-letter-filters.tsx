import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { Filters } from '../../components/filters.js';
import { SelectField, wordOptions } from '../../components/select-field.js';
import { usePlace } from '../../shell/location.js';

type Status = Schemas['DeadLetterStatus'];
type Reason = Schemas['DeadReason'];

export interface LetterFilter {
  readonly status: Status | undefined;
  readonly endpoint_id: string | undefined;
  readonly reason: Reason | undefined;
}

const STATUSES: readonly Status[] = ['open', 'replayed', 'resolved'];
/** The address's word for no filter by status; no status has this name. */
const ANY = 'any';

/** The words for each reason. */
export const REASONS: Readonly<Record<Reason, string>> = {
  attempts_exhausted: 'attempts exhausted',
  non_retryable: 'not retryable',
  blocked: 'blocked address',
  endpoint_disabled: 'endpoint disabled',
  given_up: 'given up',
  over_quota: 'over quota',
  worker_failure: 'worker failure',
};

/** The filter of the address; by default, open dead letters. */
export function useLetterFilter(): LetterFilter {
  const { status = 'open', endpoint_id, reason } = usePlace().query;
  return { status: status === ANY ? undefined : (status as Status), endpoint_id, reason: reason as Reason | undefined };
}

export function DeadLetterFilters({ filter: chosen }: { readonly filter: LetterFilter }) {
  const { filterByField: change } = usePlace();
  const endpoints = useNames('endpoints');
  return (
    <Filters names={['status', 'endpoint_id', 'reason']}>
      <SelectField
        name="status"
        label="Status"
        options={wordOptions([...STATUSES, ANY])}
        value={chosen.status ?? ANY}
        onChange={change}
      />
      <SelectField
        name="endpoint_id"
        label="Endpoint"
        options={endpoints}
        value={chosen.endpoint_id}
        none="any"
        onChange={change}
      />
      <SelectField
        name="reason"
        label="Reason"
        options={Object.entries(REASONS)}
        value={chosen.reason}
        none="any"
        onChange={change}
      />
    </Filters>
  );
}
