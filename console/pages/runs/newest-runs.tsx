import type { ComponentChildren } from 'preact';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loading } from '../../components/loading.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';
import { RunTable } from './run-table.js';

const SHOWN = 10;
const EVERY_MS = 4_000;

interface NewestRunsProps {
  readonly filter: { readonly endpoint_id?: string; readonly schedule_id?: string; readonly event_id?: string };
}

/** The newest task runs of an object, on the object's page. */
export function NewestRuns({ filter }: NewestRunsProps) {
  const { api } = useProject();
  const query = { ...filter, page_size: SHOWN };
  const { data, error } = useLive(
    JSON.stringify(query),
    (signal) => answerOf(api.GET('/v1/tasks', { params: { query }, signal })),
    { everyMs: EVERY_MS },
  );
  return <LastRuns filter={filter} runs={data?.data} error={error} />;
}

interface LastRunsProps extends NewestRunsProps {
  readonly runs: readonly Schemas['TaskRun'][] | undefined;
  readonly error: unknown;
  /** Stands above the table. */
  readonly children?: ComponentChildren;
}

/** The section of an object's newest task runs, or why they are not there. */
export function LastRuns({ filter, runs, error, children }: LastRunsProps) {
  return (
    <section class="stack-tight" aria-labelledby="last-runs">
      <div class="row">
        <h2 id="last-runs">Last task runs</h2>
        <Link to="/runs" query={filter} class="small">
          All of them
        </Link>
      </div>
      {error !== undefined && <ProblemNotice error={error} />}
      {!runs && error === undefined && <Loading />}
      {runs?.length === 0 && <EmptyState title="No task run yet" />}
      {children}
      {runs && runs.length > 0 && <RunTable runs={runs.slice(0, SHOWN)} />}
    </section>
  );
}
