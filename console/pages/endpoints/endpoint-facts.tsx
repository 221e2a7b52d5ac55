import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { Facts } from '../../components/facts.js';
import { Identifier } from '../../components/identifier.js';
import { Moment } from '../../components/moment.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';

export function EndpointFacts({ endpoint }: { readonly endpoint: Schemas['Endpoint'] }) {
  const policies = useNames('retry-policies');
  const { id, event_filters, rate_limit_per_second, max_concurrency, retry_policy_id } = endpoint;
  const kind = targetKind(endpoint);
  return (
    <section class="card card-body" aria-label="Details">
      <Facts
        facts={[
          ['Id', <Identifier key="id" id={id} />],
          ['Calls', <code key="calls">{kind.callOf(endpoint)}</code>],
          ['Listens for', event_filters.length > 0 ? event_filters.join(', ') : 'no events'],
          ...kind.facts(endpoint),
          [
            'Retry policy',
            retry_policy_id ? (
              <Link to={`/retry-policies/${retry_policy_id}`}>{policies.get(retry_policy_id) ?? retry_policy_id}</Link>
            ) : (
              'the default: after 30 s, 2 min, 10 min, 1 h and 6 h'
            ),
          ],
          ['Limits', limitsText(rate_limit_per_second, max_concurrency)],
          ['Created', <Moment key="created" at={endpoint.created_at} />],
          ['Changed', <Moment key="changed" at={endpoint.updated_at} />],
        ]}
      />
    </section>
  );
}

function limitsText(rate: number | null, concurrency: number | null): string {
  const limits = [rate !== null && `${rate} calls a second`, concurrency !== null && `${concurrency} at a time`];
  return limits.filter(Boolean).join(', ') || 'no limit';
}
