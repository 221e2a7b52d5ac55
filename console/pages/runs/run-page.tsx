import { useEffect } from 'preact/hooks';
import { type Api, answerOf, type Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { Facts } from '../../components/facts.js';
import { Identifier } from '../../components/identifier.js';
import { Labels } from '../../components/labels.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { PayloadBlock } from '../../components/payload-block.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/page-props.js';
import { AttemptComparison } from './attempt-comparison.js';
import { RunActions } from './run-actions.js';
import { RunSource } from './run-source.js';
import { destinationText } from './run-table.js';
import { RunTimeline } from './run-timeline.js';
import './run-page.css';

type Run = Schemas['TaskRunWithAttempts'];

/** Milliseconds after the due moment at which an attempt is visible. */
const SOON_AFTER_MS = 300;

/** One task run and its live timeline. */
export function RunPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const { data: run, error, refresh } = useLive(id, (signal) => runOf(api, id, signal));
  useLookWhenDue(run?.next_attempt_at, refresh);
  return (
    <div class="stack">
      <PageHeader
        title={`Task run …${id.slice(-8)}${run?.name ? `: ${run.name}` : ''}`}
        back={<Link to="/runs">Task runs</Link>}
        beside={run && <StatusLamp status={run.status} />}
      >
        {run && <RunActions run={run} onDone={refresh} />}
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {!run && error === undefined && <Loading />}
      {run && <AttemptComparison attempts={run.attempts} />}
      {run && (
        <div class="run-columns">
          <RunTimeline run={run} />
          <RunFacts run={run} />
        </div>
      )}
    </div>
  );
}

const runOf = (api: Api, id: string, signal: AbortSignal): Promise<Run> =>
  answerOf(api.GET('/v1/tasks/{id}', { params: { path: { id } }, signal }));

/** Reads a waiting run at its due moment, since polling is slow while a run waits. */
function useLookWhenDue(at: string | null | undefined, look: () => void): void {
  useEffect(() => {
    const wait = at ? Date.parse(at) - Date.now() + SOON_AFTER_MS : 0;
    // No timer for a moment more than a day ahead.
    if (wait <= 0 || wait > 86_400_000) return;
    const timer = setTimeout(look, wait);
    return () => clearTimeout(timer);
  }, [at, look]);
}

function RunFacts({ run }: { readonly run: Run }) {
  const endpoints = useNames('endpoints');
  const to = destinationText(run, endpoints);
  return (
    <aside class="stack">
      <section class="card card-body stack-tight" aria-labelledby="run-facts">
        <h2 id="run-facts">Details</h2>
        <Facts
          facts={[
            ['Id', <Identifier key="id" id={run.id} />],
            [
              run.endpoint_id ? 'Endpoint' : 'Target',
              run.endpoint_id ? <Link to={`/endpoints/${run.endpoint_id}`}>{to}</Link> : <code>{to}</code>,
            ],
            ['From', <RunSource key="from" source={run.source} />],
            [
              'Sent again from',
              run.resent_from && <Link to={`/runs/${run.resent_from}`}>{`…${run.resent_from.slice(-8)}`}</Link>,
            ],
            ['Labels', Object.keys(run.labels).length > 0 ? <Labels key="labels" labels={run.labels} /> : undefined],
            ['Due', <Moment key="due" at={run.run_at} distance />],
            [
              'Attempts',
              <>
                {run.attempt_count} of at most {run.max_attempts}
                {run.attempt_count > 1 && <span class="quiet small"> (each replay raises the limit)</span>}
              </>,
            ],
            ['Created', <Moment key="created" at={run.created_at} />],
            ['Ended', run.finished_at ? <Moment key="ended" at={run.finished_at} /> : undefined],
          ]}
        />
      </section>
      <section class="card card-body stack-tight" aria-labelledby="run-payload">
        <h2 id="run-payload">Payload</h2>
        <PayloadBlock label="Payload" payload={run.payload} />
      </section>
    </aside>
  );
}
