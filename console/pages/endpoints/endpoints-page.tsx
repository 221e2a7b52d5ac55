import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { curlCommand } from '../../components/curl.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { EndpointHealth } from './endpoint-health.js';

type Endpoint = Schemas['Endpoint'];

const PAGE_SIZE = 50;
const EVERY_MS = 5_000;

export function EndpointsPage() {
  const { api } = useProject();
  const { cursor } = usePlace().query;
  const { data, error } = useLive(
    `endpoints ${cursor}`,
    (signal) => answerOf(api.GET('/v1/endpoints', { params: { query: { cursor, page_size: PAGE_SIZE } }, signal })),
    { everyMs: EVERY_MS },
  );
  return (
    <div class="stack">
      <PageHeader title="Endpoints">
        <May needs="manage">
          <Link to="/endpoints/new" class="button primary">
            New endpoint
          </Link>
        </May>
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && data.data.length > 0 && (
        <DataTable label="Endpoints" columns={COLUMNS} rows={data.data} keyOf={({ id }) => id} />
      )}
      {data?.data.length === 0 && <NoEndpoints />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

const COLUMNS: readonly Column<Endpoint>[] = [
  { head: 'Status', cell: ({ status }) => <StatusLamp status={status} /> },
  {
    head: 'Name',
    kind: 'main',
    cell: ({ id, name }) => (
      <Link to={`/endpoints/${id}`} class="ellipsis" title={name}>
        {name}
      </Link>
    ),
  },
  {
    head: 'Calls',
    kind: 'main',
    cell: (endpoint) => (
      <code class="ellipsis" title={targetKind(endpoint).nameOf(endpoint)}>
        {targetKind(endpoint).callOf(endpoint)}
      </code>
    ),
  },
  { head: 'Listens for', kind: 'wide', cell: ({ event_filters }) => <Filters filters={event_filters} /> },
  { head: 'Health', cell: (endpoint) => <EndpointHealth endpoint={endpoint} /> },
];

function Filters({ filters }: { readonly filters: readonly string[] }) {
  const [first, ...others] = filters;
  if (first === undefined) return <span class="quiet">–</span>;
  return (
    <span class="nowrap" title={filters.join(', ')}>
      <code>{first}</code>
      {others.length > 0 && <span class="quiet"> and {others.length} more</span>}
    </span>
  );
}

function NoEndpoints() {
  const body = { name: 'billing', url: 'https://example.com/hook', event_filters: ['invoice.*'] };
  return (
    <EmptyState title="No endpoints yet" command={curlCommand('POST', '/v1/endpoints', body)}>
      An endpoint is where task runs are sent: a URL with its headers, limits and signing secret.
    </EmptyState>
  );
}
