import type { ComponentChildren } from 'preact';
import { latencyText } from '../../components/durations.js';
import { Link } from '../../shell/link.js';
import { attemptsIn, countText, shareText, type Totals } from './stats.js';

/** The range in a handful of numbers. */
export function Figures({ totals }: { readonly totals: Totals }) {
  const attempts = attemptsIn(totals);
  return (
    <dl class="figures">
      <Figure name="Success" value={shareText(totals.success, attempts)}>
        of {countText(attempts)} {attempts === 1 ? 'attempt' : 'attempts'}
      </Figure>
      <Figure name="Failed attempts" value={countText(attempts - totals.success)}>
        {countText(totals.timed_out)} timed out, {countText(totals.blocked)} blocked
      </Figure>
      <Figure name="Dead letters" value={countText(totals.dead_letters)}>
        <Link to="/dead-letters">Those that are open</Link>
      </Figure>
      <Figure name="Latency" value={millis(totals.latency_ms.p50)}>
        p90 {millis(totals.latency_ms.p90)}, p99 {millis(totals.latency_ms.p99)}
      </Figure>
      <Figure name="Lateness" value={millis(totals.lateness_ms.p50)}>
        p90 {millis(totals.lateness_ms.p90)}, p99 {millis(totals.lateness_ms.p99)}
      </Figure>
      <Figure name="Not called" value={countText(totals.skipped + totals.cancelled)}>
        {countText(totals.skipped)} skipped, {countText(totals.cancelled)} cancelled
      </Figure>
    </dl>
  );
}

const millis = (value: number | null): string => (value === null ? '–' : latencyText(value));

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly children: ComponentChildren;
}

function Figure({ name, value, children }: FigureProps) {
  return (
    <div class="card figure">
      <dt class="small quiet">{name}</dt>
      <dd class="figure-value numeric">{value}</dd>
      <dd class="small quiet">{children}</dd>
    </div>
  );
}
