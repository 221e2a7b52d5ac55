import { Figure } from '../../components/figure.js';
import { Link } from '../../shell/link.js';
import { attemptsIn, countText, millisText, shareText, type Totals } from './stats.js';

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
      <Figure name="Latency" value={millisText(totals.latency_ms.p50)}>
        <Tail of={totals.latency_ms} />
      </Figure>
      <Figure name="Lateness" value={millisText(totals.lateness_ms.p50)}>
        <Tail of={totals.lateness_ms} />
      </Figure>
      <Figure name="Not called" value={countText(totals.skipped + totals.cancelled)}>
        {countText(totals.skipped)} skipped, {countText(totals.cancelled)} cancelled
      </Figure>
    </dl>
  );
}

function Tail({ of: { p90, p99 } }: { readonly of: Totals['latency_ms'] }) {
  return (
    <>
      <span class="nowrap">p90 {millisText(p90)}</span>, <span class="nowrap">p99 {millisText(p99)}</span>
    </>
  );
}
