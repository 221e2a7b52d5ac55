import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { Loading } from '../../components/loading.js';
import { OnceSecret } from '../../components/once-secret.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/page-props.js';
import { NewestRuns } from '../runs/newest-runs.js';
import { EndpointActions } from './endpoint-actions.js';
import { EndpointFacts } from './endpoint-facts.js';
import { EndpointFigures } from './endpoint-figures.js';
import { TestResult } from './test-result.js';

const EVERY_MS = 4_000;

export function EndpointPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const [secret, showSecret] = useState<string>();
  const [tested, showTest] = useState<Schemas['DeliveryAttempt']>();
  const path = { params: { path: { id } } };
  const { data, error, refresh } = useLive(
    id,
    (signal) => answerOf(api.GET('/v1/endpoints/{id}', { ...path, signal })),
    {
      everyMs: EVERY_MS,
    },
  );
  return (
    <div class="stack">
      <PageHeader
        title={data?.name ?? 'Endpoint'}
        back={<Link to="/endpoints">Endpoints</Link>}
        beside={data && <StatusLamp status={data.status} />}
      >
        {data && <EndpointActions endpoint={data} onDone={refresh} onSecret={showSecret} onTested={showTest} />}
      </PageHeader>
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {tested && <TestResult attempt={tested} />}
      {data && <EndpointFigures endpoint={data} />}
      {data && <EndpointFacts endpoint={data} />}
      {data && <NewestRuns filter={{ endpoint_id: id }} />}
      <OnceSecret label="The new signing secret" secret={secret} onClose={() => showSecret(undefined)} />
    </div>
  );
}
