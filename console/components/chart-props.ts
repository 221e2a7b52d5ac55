export interface ChartSeries {
  readonly label: string;
  /** A token of the theme, such as `--chart-good`. */
  readonly colour: string;
  /** One per moment; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** What it shows, in a sentence, for those who do not see it. */
  readonly summary: string;
  /** Starts of the hours, in Unix seconds. */
  readonly hours: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Bars that stand on one another, the first series at the bottom; lines otherwise. */
  readonly kind: 'stacked' | 'lines';
  readonly format: (value: number) => string;
}
