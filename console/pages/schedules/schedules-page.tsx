import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { curlCommand } from '../../components/curl.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { Labels } from '../../components/labels.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';

type Schedule = Schemas['Schedule'];

const PAGE_SIZE = 50;
const EVERY_MS = 5_000;

export function SchedulesPage() {
  const { api } = useProject();
  const { cursor } = usePlace().query;
  const { data, error } = useLive(
    `schedules ${cursor}`,
    (signal) => answerOf(api.GET('/v1/schedules', { params: { query: { cursor, page_size: PAGE_SIZE } }, signal })),
    { everyMs: EVERY_MS },
  );
  return (
    <div class="stack">
      <PageHeader title="Schedules">
        <Link to="/schedules/calendar" class="button">
          Calendar
        </Link>
        <May needs="manage">
          <Link to="/schedules/new" class="button primary">
            New schedule
          </Link>
        </May>
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && data.data.length > 0 && (
        <DataTable label="Schedules" columns={COLUMNS} rows={data.data} keyOf={({ id }) => id} />
      )}
      {data?.data.length === 0 && <NoSchedules />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}

const COLUMNS: readonly Column<Schedule>[] = [
  { head: 'Status', cell: ({ status }) => <StatusLamp status={status} /> },
  {
    head: 'Name',
    kind: 'main',
    cell: ({ id, name, labels }) => (
      <div>
        <Link to={`/schedules/${id}`} class="ellipsis" title={name}>
          {name}
        </Link>
        <Labels labels={labels} atMost={3} />
      </div>
    ),
  },
  {
    head: 'When',
    cell: ({ cron, run_at, timezone }) =>
      cron ? <code class="nowrap">{cron}</code> : <Moment at={run_at} zone={timezone} />,
  },
  { head: 'Zone', kind: 'wide', cell: ({ cron, timezone }) => (cron ? timezone : <span class="quiet">–</span>) },
  { head: 'Next', cell: ({ next_run_at, timezone }) => <Moment at={next_run_at} zone={timezone} /> },
  { head: 'Scheduled runs', kind: 'wide', cell: ({ runs }) => <span class="numeric">{runs}</span> },
];

function NoSchedules() {
  const body = {
    name: 'nightly report',
    cron: '0 3 * * *',
    timezone: 'Europe/Berlin',
    target: { url: 'https://example.com/hook' },
  };
  return (
    <EmptyState title="No schedules yet" command={curlCommand('POST', '/v1/schedules', body)}>
      A schedule makes a task run at each of its moments: by a cron expression in a time zone, or once.
    </EmptyState>
  );
}
