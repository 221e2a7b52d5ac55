import { Chart } from '../../components/chart.js';
import type { ChartSeries } from '../../components/chart-props.js';
import { latencyText } from '../../components/durations.js';
import { useZone } from '../../components/use-zone.js';
import { attemptsIn, countText, millisText, type Stats, shareText, shortCountText } from './stats.js';

const OUTCOMES = [
  ['Success', 'success', '--chart-good'],
  ['Failed', 'failed', '--chart-bad'],
  ['Timed out', 'timed_out', '--chart-waiting'],
  ['Blocked', 'blocked', '--chart-busy'],
] as const;

const SHARES = [
  ['p50', '--chart-calm'],
  ['p90', '--chart-waiting'],
  ['p99', '--chart-bad'],
] as const;

/** Charts of outcomes (stacked), and below them of latency and lateness. */
export function StatsCharts({ stats }: { readonly stats: Stats }) {
  const hours = stats.hours.map(({ start }) => Date.parse(start) / 1000);
  const outcomes = OUTCOMES.map(([label, outcome, colour]) => ({
    label,
    colour,
    total: countText(stats.totals[outcome]),
    values: stats.hours.map((hour) => hour[outcome]),
  }));
  const attempts = attemptsIn(stats.totals);
  const zone = useZone();
  return (
    <>
      <Chart
        title="Attempts by the hour"
        summary={`${countText(attempts)} attempts, ${shareText(stats.totals.success, attempts)} of them a success.`}
        hours={hours}
        series={outcomes}
        kind="stacked"
        format={shortCountText}
        note={zone}
        zone={zone}
      />
      <div class="overview-charts">
        <Percentiles stats={stats} hours={hours} name="latency_ms" title="Latency: how long calls take" />
        <Percentiles stats={stats} hours={hours} name="lateness_ms" title="Lateness: how late first calls start" />
      </div>
    </>
  );
}

interface PercentilesProps {
  readonly stats: Stats;
  readonly hours: readonly number[];
  readonly name: 'latency_ms' | 'lateness_ms';
  readonly title: string;
}

function Percentiles({ stats, hours, name, title }: PercentilesProps) {
  const series: ChartSeries[] = SHARES.map(([share, colour]) => ({
    label: share,
    colour,
    total: millisText(stats.totals[name][share]),
    values: stats.hours.map((hour) => hour[name][share]),
  }));
  const summary = SHARES.map(([share]) => `${share} ${millisText(stats.totals[name][share])}`).join(', ');
  const zone = useZone();
  return (
    <Chart
      title={title}
      note={`${zone}, logarithmic scale`}
      summary={summary}
      hours={hours}
      series={series}
      kind="lines"
      format={latencyText}
      zone={zone}
    />
  );
}
