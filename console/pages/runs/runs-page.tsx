import { useEffect, useState } from 'preact/hooks';
import { answerOf } from '../../api/client.js';
import { useMay } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useFeed } from '../../api/use-feed.js';
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
import { fitsFilters, RunFilters, runFilters } from './run-filters.js';
import { RunTable } from './run-table.js';
import { useSteadyRows } from './use-steady-rows.js';

const PAGE_SIZE = 25;
/** Milliseconds between two requests of the list: the feed tells what changes meanwhile. */
const LIST_MS = 30_000;

/** The live list of task runs; the address holds the filters. */
export function RunsPage() {
  const { api } = useProject();
  const { query } = usePlace();
  const { cursor } = query;
  const filters = runFilters(query);
  const wanted = { ...filters, cursor, page_size: PAGE_SIZE };
  const choice = useChoice();
  const mayAct = useMay('publish');
  const [isLive, setLive] = useState(true);
  const key = JSON.stringify(wanted);
  const { data, error, refresh } = useLive(
    key,
    (signal) => answerOf(api.GET('/v1/tasks', { params: { query: wanted }, signal })),
    // Of older pages only the rows change, as the feed tells.
    { everyMs: isLive && !cursor && LIST_MS },
  );
  const changed = useFeed({ endpoint_id: filters.endpoint_id, label: filters.label }, isLive);
  const { rows, newer, nextCursor, showNext } = useSteadyRows(key, data, changed, (run) => fitsFilters(run, filters));
  const showNewer = () => {
    showNext();
    refresh();
  };
  const isEmptyBefore = rows?.length === 0 && newer > 0;
  useEffect(() => {
    if (isEmptyBefore) refresh();
  }, [isEmptyBefore, refresh]);
  const filtered = cursor !== undefined || Object.values(filters).some(Boolean);
  return (
    <div class="stack">
      <PageHeader title="Task runs">
        <button type="button" class="button" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
          {isLive ? 'Pause updates' : 'Watch live'}
        </button>
        <CancelAll filters={filters} onDone={refresh} />
      </PageHeader>
      <RunFilters />
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      <div role="status">
        {newer > 0 && !cursor && (
          <button type="button" class="button" onClick={showNewer}>
            Show {newer} new {newer === 1 ? 'task run' : 'task runs'}
          </button>
        )}
      </div>
      {rows && rows.length > 0 && <RunTable runs={rows} choice={mayAct ? choice : undefined} />}
      {rows?.length === 0 && (filtered ? <NothingMatches /> : <NoRuns />)}
      {rows && <BulkRunActions runs={rows} choice={choice} onDone={refresh} />}
      <Pager nextCursor={nextCursor} />
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
