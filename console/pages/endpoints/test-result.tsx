import type { Schemas } from '../../api/client.js';
import { Link } from '../../shell/link.js';
import { AttemptEntry } from '../runs/attempt-entry.js';

/** The outcome of the sample call. */
export function TestResult({ attempt }: { readonly attempt: Schemas['DeliveryAttempt'] }) {
  return (
    <section class="card card-body stack" aria-labelledby="test-result">
      <h2 id="test-result">The test</h2>
      <ol class="timeline">
        <AttemptEntry key={attempt.id} attempt={attempt} open />
      </ol>
      <p>
        <Link to={`/runs/${attempt.task_id}`}>Its task run</Link>
      </p>
    </section>
  );
}
