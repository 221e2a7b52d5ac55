import type { ComponentChildren } from 'preact';
import { latencyText } from '../../components/durations.js';
import { Link } from '../../shell/link.js';
import { attemptsIn, countText, shareText, type Totals } from './stats.js';

/** The totals of the range. */
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
        <Link to="/dead-letters">See the open ones</Link>
      </Figure>
      <Figure name="Latency" value={millis(totals.latency_ms.p50)}>
        <Tail of={totals.latency_ms} />
      </Figure>
      <Figure name="Lateness" value={millis(totals.lateness_ms.p50)}>
        <Tail of={totals.lateness_ms} />
      </Figure>
      <Figure name="Not called" value={countText(totals.skipped + totals.cancelled)}>
        {countText(totals.skipped)} skipped, {countText(totals.cancelled)} cancelled
      </Figure>
    </dl>
  );
}

const millis = (value: number | null): string => (value === null ? '–' : latencyText(value));

function Tail({ of: { p90, p99 } }: { readonly of: Totals['latency_ms'] }) {
  return (
    <>
      <span class="nowrap">p90 {millis(p90)}</span>, <span class="nowrap">p99 {millis(p99)}</span>
    </>
  );
}

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
