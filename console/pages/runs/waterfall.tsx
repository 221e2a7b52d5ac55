import { latencyText } from '../../components/durations.js';
import { segmentsOf, type TimedAttempt } from './phases.js';
import './waterfall.css';

/** Where the time of a call went, on a scale that ends at `longest` milliseconds; one bar where no phase is known. */
export function Waterfall({ attempt, longest }: { readonly attempt: TimedAttempt; readonly longest: number }) {
  const { latency_ms } = attempt;
  const segments = segmentsOf(attempt);
  const shown = segments.length > 0 ? segments : [{ phase: 'first_byte', ms: latency_ms }];
  return (
    <span class="waterfall" aria-hidden="true" style={{ width: `${(latency_ms / Math.max(longest, 1)) * 100}%` }}>
      {shown.map(({ phase, ms }) => (
        <span key={phase} class={`phase-${phase}`} style={{ flexGrow: ms }} />
      ))}
    </span>
  );
}

/** The bar of one call, and its phases in words; nothing where no phase is known. */
export function OwnWaterfall({ attempt }: { readonly attempt: TimedAttempt }) {
  const segments = segmentsOf(attempt);
  if (segments.length === 0) return null;
  return (
    <div class="waterfall-own">
      <Waterfall attempt={attempt} longest={attempt.latency_ms} />
      <ul class="waterfall-phases numeric" aria-label="Where the time went">
        {segments.map(({ phase, name, ms }) => (
          <li key={phase} class={`phase-${phase}`}>
            {name} {latencyText(ms)}
          </li>
        ))}
      </ul>
    </div>
  );
}
