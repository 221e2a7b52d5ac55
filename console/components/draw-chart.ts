import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartProps, ChartSeries } from './chart-props.js';

const HEIGHT = 220;
const FONT = '12px system-ui, sans-serif';
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
  if (kind === 'lines') return [[...hours], ...series.map(({ values }) => [...values])];
  const sums: number[][] = [];
  for (const { values } of series) sums.push(values.map((value, hour) => (value ?? 0) + (sums.at(-1)?.[hour] ?? 0)));
  return [[...hours], ...sums.reverse()];
}

function optionsOf(box: HTMLElement, props: ChartProps, current: () => ChartProps): UPlot.Options {
  const { hours, kind, format } = props;
  const colour = (token: string) => resolvedColour(box, token);
  const axis = { stroke: colour('--text-quiet'), font: FONT, ticks: { show: false } };
  const grid = { stroke: colour('--line'), width: 1 };
  const span = hours.at(-1)! - hours[0]!;
  return {
    width: box.clientWidth,
    height: HEIGHT,
    padding: [12, 8, 0, 0],
    cursor: { points: { show: kind === 'lines' }, drag: { setScale: false } },
    legend: { live: true },
    scales: {
      x: { range: [hours[0]!, hours.at(-1)! + 3600] },
      y: { range: (_plot, _low, high) => [0, Math.max(high * 1.08, kind === 'stacked' ? 4 : 10)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        values: (_plot, splits) => splits.map((at) => tickText(at, span)),
      },
      { ...axis, grid, size: 64, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {
        label: 'Hour',
        value: (_plot, at) => (at === null ? '–' : `${tickText(at, TWO_DAYS + 1)}, ${tickText(at, 0)}`),
      },
      ...inOrder(props).map(({ label, colour: token }, index) => ({
        label,
        stroke: colour(token),
        width: kind === 'lines' ? 2 : 0,
        points: { show: kind === 'lines' ? isAlone : false },
        ...(kind === 'stacked' && { fill: colour(token), paths: UPlot.paths.bars!({ size: [0.82, 48], align: 1 }) }),
        value: (_plot: UPlot, _sum: number, _series: number, hour: number | null) =>
          valueText(inOrder(current())[index]?.values[hour ?? -1], format),
      })),
    ],
  };
}

/** Whether a series has too few values for a line; its values are then drawn as points. */
function isAlone(plot: UPlot, series: number): boolean {
  return [...plot.data[series]!].filter((value) => value !== null).length < 3;
}

const valueText = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);

/** The computed colour of a token: a canvas does not know `light-dark()`. */
function resolvedColour(box: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Text of a tick in the viewer's zone: the time of day, or the day for a longer span. */
function tickText(at: number, span: number): string {
  return (span > TWO_DAYS ? DAY : CLOCK).format(new Date(at * 1000));
}
