import { answerOf, type Schemas } from '../../api/client.js';
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
import { BulkLetterActions } from './bulk-letter-actions.js';
import { BulkLetterJobs } from './bulk-letter-jobs.js';
import { DeadLetterFilters, type LetterFilter, useLetterFilter } from './dead-letter-filters.js';
import { DeadLetterGroups } from './dead-letter-groups.js';
import { DeadLetterTable } from './dead-letter-table.js';

const PAGE_SIZE = 25;

/** The dead letters, by endpoint and reason; the address holds the filters. */
export function DeadLettersPage() {
  const { api } = useProject();
  const filter = useLetterFilter();
  const { cursor } = usePlace().query;
  const choice = useChoice();
  const mayAct = useMay('publish');
  const wanted = { ...filter, cursor, page_size: PAGE_SIZE };
  const { data, error, refresh } = useLive(
    JSON.stringify(wanted),
    (signal) => answerOf(api.GET('/v1/dead-letters', { params: { query: wanted }, signal })),
    cursor ? { everyMs: false } : {},
  );
  return (
    <div class="stack">
      <PageHeader title="Dead letters">
        <BulkLetterJobs filter={filter} onDone={refresh} />
      </PageHeader>
      <DeadLetterFilters filter={filter} />
      <DeadLetterGroups />
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && data.data.length > 0 && <DeadLetterTable letters={data.data} choice={mayAct ? choice : undefined} />}
      {data?.data.length === 0 && <NothingDead filter={filter} goesOn={data.next_cursor !== null} />}
      {data && <BulkLetterActions letters={data.data} choice={choice} onDone={refresh} />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

interface NothingDeadProps {
  readonly filter: LetterFilter;
  readonly goesOn: boolean;
}

function NothingDead({ filter: { status, endpoint_id, reason }, goesOn }: NothingDeadProps) {
  if (goesOn) return <EmptyState title="None on this page">Older ones may match: go on below.</EmptyState>;
  if (endpoint_id || reason) return <EmptyState title="No dead letter matches">Change the filters.</EmptyState>;
  const which: Partial<Record<Schemas['DeadLetterStatus'], string>> = {
    open: 'open ',
    replayed: 'replayed ',
    resolved: 'resolved ',
  };
  return (
    <EmptyState
      title={`No ${status ? which[status] : ''}dead letters`}
      command={curlCommand('GET', '/v1/dead-letters')}
    >
      A task run whose last attempt has failed, or that may not be called at all, becomes a dead letter. It keeps its
      payload until you replay or resolve it. A script lists dead letters like this:
    </EmptyState>
  );
}
