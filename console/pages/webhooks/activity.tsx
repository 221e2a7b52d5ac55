import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { latencyText } from '../../components/durations.js';
import { shortId } from '../../components/identifier.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { ExportCsv } from './export-csv.js';
import './webhooks.css';

type Attempt = Schemas['DeliveryAttempt'];

/** The attempts of one notification, the last attempt first. */
type Notification = readonly [last: Attempt, ...before: Attempt[]];

const PAGE_SIZE = 50;

const COLUMNS: readonly Column<Notification>[] = [
  { head: 'Status', cell: ([last]) => <StatusLamp status={last.status} /> },
  { head: 'Event', cell: ([{ event_name }]) => <code class="nowrap">{event_name ?? '–'}</code> },
  {
    head: 'Task run',
    cell: ([{ task_id }]) => (
      <Link to={`/runs/${task_id}`} title={task_id} class="nowrap">
        <code>{shortId(task_id)}</code>
      </Link>
    ),
  },
  { head: 'Attempts and answers', kind: 'main', cell: (attempts) => <History attempts={attempts} /> },
  { head: 'Latency', kind: 'wide', cell: ([{ latency_ms }]) => <span class="numeric">{latencyText(latency_ms)}</span> },
  { head: 'Last attempt', kind: 'end', cell: ([{ started_at }]) => <Moment at={started_at} distance /> },
];

/** The notifications sent to an endpoint, with the number of attempts of each. */
export function Activity({ endpoint }: { readonly endpoint: string }) {
  const { api } = useProject();
  const { cursor } = usePlace().query;
  const query = { endpoint_id: endpoint, cursor, page_size: PAGE_SIZE };
  const { data, error } = useLive(
    JSON.stringify(query),
    async (signal) => {
      const page = await answerOf(api.GET('/v1/deliveries', { params: { query }, signal }));
      // The answer is text only for requests that accept CSV.
      return page as Exclude<typeof page, string>;
    },
    cursor ? { everyMs: false } : {},
  );
  const rows = data && byRun(data.data);
  return (
    <section class="stack-tight">
      <div class="row apart">
        <h2>Activity</h2>
        {rows && rows.length > 0 && <ExportCsv endpoint={endpoint} />}
      </div>
      {error !== undefined && <ProblemNotice error={error} />}
      {rows === undefined && error === undefined && <Loading />}
      {rows && rows.length > 0 && (
        <DataTable label="Activity" columns={COLUMNS} rows={rows} keyOf={([{ id }]) => id} compact />
      )}
      {rows?.length === 0 && (
        <p class="card card-body quiet">
          Nothing was sent here yet: send a test, or wait for a job that ends as ticked above.
        </p>
      )}
      <Pager nextCursor={data?.next_cursor} />
    </section>
  );
}

/** Attempts by run. Attempts come newest first, so runs are ordered by their last attempts. */
function byRun(attempts: readonly Attempt[]): Notification[] {
  const runs = new Map<string, [Attempt, ...Attempt[]]>();
  for (const attempt of attempts) {
    const found = runs.get(attempt.task_id);
    if (found) found.push(attempt);
    else runs.set(attempt.task_id, [attempt]);
  }
  return [...runs.values()];
}

function History({ attempts }: { readonly attempts: Notification }) {
  return (
    <ol class="history">
      {[...attempts].reverse().map(({ id, attempt, status, http_status, error, started_at }) => (
        <li key={id}>
          <code
            class={status === 'success' ? 'answer good' : 'answer bad'}
            title={`Attempt ${attempt}, ${started_at}: ${error?.message ?? 'success'}`}
          >
            {http_status ?? error?.code ?? status}
          </code>
        </li>
      ))}
    </ol>
  );
}
