import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';

type Schedule = Schemas['Schedule'];

/** Milliseconds between requests while no run changes. */
const IDLE_MS = 120_000;
const SHOWN = 8;

const COLUMNS: readonly Column<Schedule>[] = [
  {
    head: 'Schedule',
    kind: 'main',
    cell: ({ id, name }) => (
      <Link to={`/schedules/${id}`} class="ellipsis" title={name}>
        {name}
      </Link>
    ),
  },
  { head: 'When', cell: ({ cron, timezone }) => (cron ? <CronText cron={cron} timezone={timezone} /> : 'once') },
  { head: 'Next', kind: 'end', cell: ({ next_run_at, timezone }) => <Moment at={next_run_at} zone={timezone} /> },
];

function CronText({ cron, timezone }: Pick<Schedule, 'cron' | 'timezone'>) {
  return (
    <span>
      <code class="nowrap">{cron}</code> <span class="quiet small nowrap">{timezone}</span>
    </span>
  );
}

/** The next fires of the newest hundred schedules. */
export function NextFires({ beat }: { readonly beat: number }) {
  const { api } = useProject();
  const query = { page_size: 100 };
  const { data, error } = useLive(
    'schedules',
    (signal) => answerOf(api.GET('/v1/schedules', { params: { query }, signal })),
    { everyMs: IDLE_MS, beat },
  );
  const next = data?.data
    .filter(({ status, next_run_at }) => status === 'active' && next_run_at !== null)
    .sort((a, b) => (a.next_run_at! < b.next_run_at! ? -1 : 1))
    .slice(0, SHOWN);
  return (
    <section class="stack-tight" aria-labelledby="next-fires">
      <h2 id="next-fires">Next fires</h2>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {next?.length === 0 && (
        <p class="card card-body quiet">
          No schedule is active. <Link to="/schedules">Create one</Link>, and its next fire shows here.
        </p>
      )}
      {data && data.next_cursor !== null && <p class="quiet small">Of the newest hundred schedules; there are more.</p>}
      {next && next.length > 0 && <DataTable label="Next fires" columns={COLUMNS} rows={next} keyOf={({ id }) => id} />}
    </section>
  );
}
