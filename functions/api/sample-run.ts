import type { Endpoint } from '../core/endpoint/endpoint.js';
import { isoTime } from '../core/moments.js';
import { type Attempt, isFinal, type RunDefinition } from '../core/run/task-run.js';
import type { ApiPorts } from '../runtime/api-ports.js';

/** The HTTP API answers within 30 s whatever happens. */
const WAIT_MS = 20_000;
const LOOK_EVERY_MS = 200;

/** A run that shows whether an endpoint works; a sample is not worth a second attempt. */
export function sampleRun({ id, project_id }: Endpoint, run: string, now: number, keepMs: number): RunDefinition {
  const sample = { event: 'test', endpoint_id: id, sent_at: isoTime(now) };
  return {
    id: run,
    project_id,
    source: { type: 'test', id },
    endpoint_id: id,
    payload: { format: 'json', body: JSON.stringify(sample) },
    due: now,
    max_attempts: 1,
    created_at: now,
    expires_at: now + keepMs,
  };
}

/** Its attempt as soon as it is recorded; none when the run ends without one, or after 20 seconds. */
export async function awaitFirstAttempt({ runs, clock }: ApiPorts, run: RunDefinition): Promise<Attempt | undefined> {
  for (let waited = 0; waited < WAIT_MS; waited += LOOK_EVERY_MS) {
    const { state } = await runs.find({ project: run.project_id, run: run.id });
    if (state?.first_attempt || (state && isFinal(state.status))) return state.first_attempt;
    await clock.sleep(LOOK_EVERY_MS);
  }
  return undefined;
}
