import type { Schemas } from '../../api/client.js';
import { Moment } from '../../components/moment.js';

/** Whether calls to the endpoint get through, as its workers have noted it. */
export function EndpointHealth({ endpoint }: { readonly endpoint: Schemas['Endpoint'] }) {
  const { status, failing_since, disabled_at, disabled_reason } = endpoint;
  if (status === 'disabled')
    return (
      <span class="bad-text">
        disabled {disabled_at && <Moment at={disabled_at} />} {disabled_reason && `(${disabled_reason})`}
      </span>
    );
  if (failing_since)
    return (
      <span class="bad-text">
        failing since <Moment at={failing_since} />
      </span>
    );
  return <span class="quiet">well</span>;
}
