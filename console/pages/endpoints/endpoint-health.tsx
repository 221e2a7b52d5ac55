import type { Schemas } from '../../api/client.js';
import { Moment } from '../../components/moment.js';

type Endpoint = Schemas['Endpoint'];

/** Whether an endpoint fails at present, in the same words on every page. An endpoint without a call does not fail. */
export function EndpointHealth({ endpoint }: { readonly endpoint: Endpoint }) {
  const { status, disabled_reason, disabled_at, failing_since } = endpoint;
  if (status !== 'disabled' && !failing_since) return <span class="quiet">not failing</span>;
  const since = disabled_at ?? failing_since;
  return (
    <span class="bad-text">
      {status === 'disabled' ? 'disabled' : 'failing'}
      {since && (
        <>
          {' '}
          since <Moment at={since} distance />
        </>
      )}
      {disabled_reason && ` (${disabled_reason})`}
    </span>
  );
}
