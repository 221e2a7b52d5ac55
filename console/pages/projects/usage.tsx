import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { ProblemNotice } from '../../components/problem-notice.js';

type QuotaName = Schemas['QuotaName'];
type Row = Schemas['QuotaUsage'] & { readonly name: QuotaName };

/** Milliseconds between requests: the counts are some minutes old anyway. */
const EVERY_MS = 60_000;

/** The words for each quota. */
const NAMES: Readonly<Record<QuotaName, string>> = {
  requests_per_minute: 'Requests in this minute',
  runs_per_day: 'Task runs today (UTC)',
  waiting_runs: 'Task runs that wait',
  stored_bytes: 'Bytes of stored payloads',
  endpoints: 'Endpoints',
  schedules: 'Schedules',
  bulk_jobs: 'Bulk replays now',
  endpoint_tests: 'Tests of endpoints now',
};

const COLUMNS: readonly Column<Row>[] = [
  { head: 'Quota', kind: 'main', cell: ({ name }) => NAMES[name] },
  { head: 'Used', cell: ({ used }) => used.toLocaleString('en-US') },
  { head: 'Limit', cell: ({ limit }) => limit.toLocaleString('en-US') },
  { head: 'Begins anew', cell: ({ resets_at }) => resets_at && <Moment at={resets_at} distance /> },
];

/** What a project has used of its quotas. */
export function Usage({ project }: { readonly project: Schemas['Project'] }) {
  const { apiOf } = useSession();
  const { data, error } = useLive(project.id, (signal) => answerOf(apiOf(project.id).GET('/v1/usage', { signal })), {
    everyMs: EVERY_MS,
  });
  const rows = data && (Object.keys(NAMES) as QuotaName[]).map((name) => ({ name, ...data.quotas[name] }));
  return (
    <section class="stack-tight">
      <h2>Usage</h2>
      {error !== undefined && <ProblemNotice error={error} />}
      <p class="quiet small">
        Counts of requests, task runs and bytes are up to ten minutes, or a tenth of the limit, behind.
      </p>
      {rows === undefined && error === undefined && <Loading />}
      {rows && <DataTable label="Usage" columns={COLUMNS} rows={rows} keyOf={({ name }) => name} />}
    </section>
  );
}
