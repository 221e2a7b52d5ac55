export interface ChartSeries {
  readonly label: string;
  /** A token of the theme, such as `--chart-good`. */
  readonly colour: string;
  /** One value per hour; null for an hour without a value. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** The chart's content in a sentence, for screen readers. */
  readonly summary: string;
  /** Starts of the hours, in Unix seconds. */
  readonly hours: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Stacked bars, the first series at the bottom, or lines. */
  readonly kind: 'stacked' | 'lines';
  readonly format: (value: number) => string;
}
