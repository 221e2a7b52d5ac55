export interface ChartSeries {
  readonly label: string;
  /** A token of the theme, such as `--chart-good`. */
  readonly colour: string;
  /** The value of the whole range, which the legend shows while no hour is pointed at. */
  readonly total: string;
  /** One value per hour; null for an hour without a value. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** Beside the title: the zone of its hours, and its scale. */
  readonly note: string;
  /** The chart's content in a sentence, for screen readers. */
  readonly summary: string;
  /** Starts of the hours, in Unix seconds. */
  readonly hours: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Stacked bars, the first series at the bottom, or lines on a logarithmic scale. */
  readonly kind: 'stacked' | 'lines';
  readonly format: (value: number) => string;
  /** The zone of the axis of time. */
  readonly zone: string;
}
