import type { Schemas } from '../../api/client.js';
import { Moment } from '../../components/moment.js';

type Endpoint = Schemas['Endpoint'];

/** Whether calls to the endpoint get through, as its workers have noted it. */
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

/** The same in one word, for a table. */
export function HealthWord({ endpoint }: { readonly endpoint: Endpoint }) {
  const word = wordOf(endpoint);
  return <span class={word === 'well' ? 'quiet' : 'bad-text'}>{word.replace(' since', '')}</span>;
}

function wordOf({ status, failing_since }: Endpoint): string {
  if (status === 'disabled') return 'disabled since';
  return failing_since ? 'failing since' : 'well';
}
