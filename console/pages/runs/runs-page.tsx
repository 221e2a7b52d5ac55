import { answerOf } from '../../api/client.js';
import { useMay } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { useChoice } from '../../components/choice.js';
import { curlCommand } from '../../components/curl.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { usePlace } from '../../shell/location.js';
import { BulkRunActions } from './bulk-run-actions.js';
import { CancelAll } from './cancel-all.js';
import { RunFilters, runFilters } from './run-filters.js';
import { RunTable } from './run-table.js';

const PAGE_SIZE = 25;

/** The live list of task runs; the address holds the filters. */
export function RunsPage() {
  const { api } = useProject();
  const { query } = usePlace();
  const { cursor } = query;
  const filters = runFilters(query);
  const wanted = { ...filters, cursor, page_size: PAGE_SIZE };
  const choice = useChoice();
  const mayAct = useMay('publish');
  const { data, error, refresh } = useLive(
    JSON.stringify(wanted),
    (signal) => answerOf(api.GET('/v1/tasks', { params: { query: wanted }, signal })),
    // Only the newest page is polled, because older pages change little.
    cursor ? { everyMs: false } : {},
  );
  const filtered = cursor !== undefined || Object.values(filters).some(Boolean);
  return (
    <div class="stack">
      <PageHeader title="Task runs">
        <CancelAll filters={filters} onDone={refresh} />
      </PageHeader>
      <RunFilters />
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && data.data.length > 0 && <RunTable runs={data.data} choice={mayAct ? choice : undefined} />}
      {data?.data.length === 0 && (filtered ? <NothingMatches /> : <NoRuns />)}
      {data && <BulkRunActions runs={data.data} choice={choice} onDone={refresh} />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

function NothingMatches() {
  return <EmptyState title="No task run here matches">Change the filters, or look at older ones.</EmptyState>;
}

function NoRuns() {
  const body = { target: { url: 'https://example.com/hook' }, payload: { hello: 'world' }, run_at: 0 };
  return (
    <EmptyState title="No task runs yet" command={curlCommand('POST', '/v1/tasks', body)}>
      A task run is one call: made by a schedule, an event, or a request like this one. <code>$KEY</code> is an API key
      of this project.
    </EmptyState>
  );
}
