import type { Schemas } from '../../api/client.js';
import { Moment } from '../../components/moment.js';

type Endpoint = Schemas['Endpoint'];

/** The endpoint's health as the deliverer has noted it. */
export function EndpointHealth({ endpoint }: { readonly endpoint: Endpoint }) {
  const { disabled_reason, disabled_at, failing_since } = endpoint;
  const since = disabled_at ?? failing_since;
  if (wordOf(endpoint) === 'well') return <span class="quiet">well: calls get through</span>;
  return (
    <span class="bad-text">
      {wordOf(endpoint)} {since && <Moment at={since} distance />} {disabled_reason && `(${disabled_reason})`}
    </span>
  );
}

/** The endpoint's health in one word, for a table. */
export function HealthWord({ endpoint }: { readonly endpoint: Endpoint }) {
  const word = wordOf(endpoint);
  return <span class={word === 'well' ? 'quiet' : 'bad-text'}>{word.replace(' since', '')}</span>;
}

function wordOf({ status, failing_since }: Endpoint): string {
  if (status === 'disabled') return 'disabled since';
  return failing_since ? 'failing since' : 'well';
}
