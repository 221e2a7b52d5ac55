import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Loading } from '../../components/loading.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import { EndpointHealth } from '../endpoints/endpoint-health.js';
import { countText, type Stats } from './stats.js';

type Endpoint = Schemas['Endpoint'];

interface Failing {
  readonly endpoint: Endpoint;
  readonly failures: number;
}

/** Milliseconds between requests while no run changes. */
const IDLE_MS = 120_000;
const SHOWN = 8;

const COLUMNS: readonly Column<Failing>[] = [
  {
    head: 'Endpoint',
    kind: 'main',
    cell: ({ endpoint: { id, name, status } }) => (
      <div class="name-and-lamp">
        <Link to={`/endpoints/${id}`} class="ellipsis" title={name}>
          {name}
        </Link>
        {status !== 'active' && <StatusLamp status={status} />}
      </div>
    ),
  },
  { head: 'Now', cell: ({ endpoint }) => <EndpointHealth endpoint={endpoint} /> },
  {
    head: 'Failures in 2 h',
    kind: 'end',
    cell: ({ endpoint, failures }) => (
      <Link to="/dead-letters" query={{ endpoint_id: endpoint.id }} title="To its dead letters">
        {countText(failures)}
      </Link>
    ),
  },
];

/** Endpoints that fail, or failed within the last two hours, the worst first. */
export function FailingEndpoints({ stats, beat }: { readonly stats: Stats | undefined; readonly beat: number }) {
  const { api } = useProject();
  const query = { page_size: 100 };
  const { data, error } = useLive(
    'endpoints',
    (signal) => answerOf(api.GET('/v1/endpoints', { params: { query }, signal })),
    { everyMs: IDLE_MS, beat },
  );
  const failing = data && stats ? failingNow(data.data, stats) : undefined;
  return (
    <section class="stack-tight" aria-labelledby="failing-endpoints">
      <h2 id="failing-endpoints">Endpoints with failures</h2>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {failing?.length === 0 && (
        <p class="card card-body quiet">No endpoint fails or has failed in the last two hours.</p>
      )}
      {data && data.next_cursor !== null && <p class="quiet small">Of the newest hundred endpoints; there are more.</p>}
      {failing && failing.length > 0 && (
        <DataTable
          label="Endpoints with failures"
          columns={COLUMNS}
          rows={failing}
          keyOf={({ endpoint }) => endpoint.id}
        />
      )}
    </section>
  );
}

function failingNow(endpoints: readonly Endpoint[], { hours }: Stats): Failing[] {
  const failures = new Map<string, number>();
  for (const { failing } of hours.slice(-2))
    for (const { endpoint_id, failures: count } of failing)
      failures.set(endpoint_id, (failures.get(endpoint_id) ?? 0) + count);
  return endpoints
    .map((endpoint) => ({ endpoint, failures: failures.get(endpoint.id) ?? 0 }))
    .filter(({ endpoint, failures: count }) => count > 0 || endpoint.failing_since || endpoint.status === 'disabled')
    .sort((a, b) => b.failures - a.failures)
    .slice(0, SHOWN);
}
