import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartProps, ChartSeries } from './chart-props.js';
import { formatted } from './zones.js';

const HEIGHT = 220;
const FONT = '12px system-ui, sans-serif';
/** Of a logarithmic scale: a millisecond. */
const LOWEST = 1;
const TWO_DAYS = 2 * 86_400;

export interface Drawn {
  readonly update: (props: ChartProps) => void;
  readonly destroy: () => void;
}

/** Draws a chart into `box`, in the width of `box`. */
export function drawChart(box: HTMLElement, props: ChartProps): Drawn {
  let shown = props;
  const plot = new UPlot(
    optionsOf(box, props, () => shown),
    dataOf(props),
    box,
  );
  const resized = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }));
  resized.observe(box);
  return {
    update: (next) => {
      shown = next;
      plot.setData(dataOf(next));
    },
    destroy: () => {
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** The highest of stacked bars is drawn first, because bars cover one another. */
function inOrder({ kind, series }: ChartProps): readonly ChartSeries[] {
  return kind === 'stacked' ? [...series].reverse() : series;
}

function dataOf(props: ChartProps): UPlot.AlignedData {
  const { hours, kind, series } = props;
  // A logarithmic scale has no 0.
  if (kind === 'lines')
    return [[...hours], ...series.map(({ values }) => values.map((value) => value && Math.max(value, LOWEST)))];
  const sums: number[][] = [];
  for (const { values } of series) sums.push(values.map((value, hour) => (value ?? 0) + (sums.at(-1)?.[hour] ?? 0)));
  return [[...hours], ...sums.reverse()];
}

function optionsOf(box: HTMLElement, props: ChartProps, current: () => ChartProps): UPlot.Options {
  const { hours, kind, format, zone } = props;
  const colour = (token: string) => resolvedColour(box, token);
  const axis = { stroke: colour('--text-quiet'), font: FONT, ticks: { show: false } };
  const grid = { stroke: colour('--line'), width: 1 };
  const span = hours.at(-1)! - hours[0]!;
  return {
    width: box.clientWidth,
    height: HEIGHT,
    // The last label of an axis may reach half its width beyond it.
    padding: [12, 28, 0, 0],
    cursor: { points: { show: kind === 'lines' }, drag: { setScale: false } },
    legend: { live: true },
    scales: {
      x: { range: [hours[0]!, hours.at(-1)! + 3600] },
      y:
        kind === 'stacked'
          ? { range: (_plot, _low, high) => [0, Math.max(high * 1.08, 4)] }
          : { distr: 3, log: 10, range: (_plot, _low, high) => [LOWEST, decadeAbove(Math.max(high, 10))] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        values: (_plot, splits) => splits.map((at) => tickText(at, span, zone)),
      },
      {
        ...axis,
        grid,
        size: kind === 'lines' ? 80 : 64,
        ...(kind === 'lines' && { splits: decades }),
        values: (_plot, splits) => splits.map((at) => (at === null ? '' : format(at))),
      },
    ],
    series: [
      {
        label: 'Hour',
        value: (_plot, at) => (at === null ? 'all' : `${tickText(at, TWO_DAYS + 1, zone)}, ${tickText(at, 0, zone)}`),
      },
      ...inOrder(props).map(({ label, colour: token }, index) => ({
        label,
        stroke: colour(token),
        width: kind === 'lines' ? 2 : 0,
        points: { show: kind === 'lines' ? isAlone : false },
        ...(kind === 'stacked' && { fill: colour(token), paths: UPlot.paths.bars!({ size: [0.82, 48], align: 1 }) }),
        value: (_plot: UPlot, _sum: number, _series: number, hour: number | null) =>
          valueText(inOrder(current())[index], hour, format),
      })),
    ],
  };
}

/** Whether a series has too few values for a line; its values are then drawn as points. */
function isAlone(plot: UPlot, series: number): boolean {
  return [...plot.data[series]!].filter((value) => value !== null).length < 3;
}

/** The legend's value: of the hour that is pointed at, or of the whole range. */
function valueText(series: ChartSeries | undefined, hour: number | null, format: (value: number) => string): string {
  if (hour === null) return series?.total ?? '';
  const value = series?.values[hour];
  return value === null || value === undefined ? 'none' : format(value);
}

const decadeAbove = (value: number): number => 10 ** Math.ceil(Math.log10(value));

/** The powers of ten of a scale. */
function decades(_plot: UPlot, _axis: number, low: number, high: number): number[] {
  const found: number[] = [];
  for (let value = low; value <= high * 1.001; value *= 10) found.push(value);
  return found;
}

/** The computed colour of a token: a canvas does not know `light-dark()`. */
function resolvedColour(box: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/** Text of a tick: the time of day, or the day for a longer span. */
function tickText(at: number, span: number, zone: string): string {
  return formatted(new Date(at * 1000), zone, span > TWO_DAYS ? DAY : CLOCK);
}
