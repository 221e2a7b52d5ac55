import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useBeat, useFeed } from '../../api/use-feed.js';
import { useLive } from '../../api/use-live.js';
import { curlCommand } from '../../components/curl.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { usePlace } from '../../shell/location.js';
import { FailingEndpoints } from './failing-endpoints.js';
import { Figures } from './figures.js';
import { NextFires } from './next-fires.js';
import { CalmAlarms, RingingAlarms, useAlarms } from './stage-alarms.js';
import './overview.css';
import { attemptsIn, type Stats } from './stats.js';
import { StatsCharts } from './stats-charts.js';

const HOUR_MS = 3_600_000;
/** The ranges: hours that each reaches back, and the least milliseconds between requests while runs change. */
const RANGES = {
  '24h': { label: '24 hours', hours: 23, beatMs: 10_000 },
  '7d': { label: '7 days', hours: 7 * 24 - 1, beatMs: 30_000 },
  '30d': { label: '30 days', hours: 30 * 24 - 1, beatMs: 30_000 },
} as const;
/** Milliseconds between requests while no run changes. */
const IDLE_MS = 120_000;
type Range = keyof typeof RANGES;

/** The overview: deliveries, latency, lateness, failures, and next fires. */
export function OverviewPage() {
  const { api } = useProject();
  const range = chosenRange(usePlace().query['range']);
  const { hours, beatMs } = RANGES[range];
  const alarms = useAlarms();
  const beat = useBeat(useFeed({}, true), beatMs);
  const { data, error } = useLive(
    range,
    (signal) => {
      const query = { from: new Date(Date.now() - hours * HOUR_MS).toISOString() };
      return answerOf(api.GET('/v1/stats', { params: { query }, signal }));
    },
    { everyMs: IDLE_MS, beat },
  );
  return (
    <div class="stack">
      <PageHeader title="Overview">
        <RangeChoice range={range} />
      </PageHeader>
      <RingingAlarms data={alarms.data} />
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && <Delivered stats={data} label={RANGES[range].label} />}
      <div class="overview-lists">
        <FailingEndpoints stats={data} beat={beat} />
        <NextFires beat={beat} />
      </div>
      <CalmAlarms data={alarms.data} error={alarms.error} />
    </div>
  );
}

const chosenRange = (asked: string | undefined): Range => (asked && asked in RANGES ? (asked as Range) : '24h');

function RangeChoice({ range }: { readonly range: Range }) {
  const { filter } = usePlace();
  const choose = (event: Event) => filter({ range: (event.currentTarget as HTMLSelectElement).value });
  return (
    <select class="range-choice" aria-label="Range" value={range} onChange={choose}>
      {Object.entries(RANGES).map(([value, { label }]) => (
        <option key={value} value={value}>
          Last {label}
        </option>
      ))}
    </select>
  );
}

function Delivered({ stats, label }: { readonly stats: Stats; readonly label: string }) {
  if (attemptsIn(stats.totals) === 0 && stats.totals.dead_letters === 0) return <NothingYet label={label} />;
  return (
    <>
      <Figures totals={stats.totals} />
      <StatsCharts stats={stats} />
      {stats.hours.some(({ sampled }) => sampled) && (
        <p class="quiet small">
          There is more than can be counted one by one: numbers are estimated from a part, or a busy hour still grows.
        </p>
      )}
    </>
  );
}

function NothingYet({ label }: { readonly label: string }) {
  const body = { target: { url: 'https://example.com/hook' }, payload: { hello: 'world' }, run_at: 0 };
  return (
    <EmptyState title={`Nothing was delivered in the last ${label}`} command={curlCommand('POST', '/v1/tasks', body)}>
      Send a first call, and watch it arrive here. <code>$KEY</code> is an API key of this project.
    </EmptyState>
  );
}
