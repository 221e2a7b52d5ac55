import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import type { PageProps } from '../../shell/page-props.js';
import type { GivenPolicy } from './given-policy.js';
import { RetryPolicyForm } from './retry-policy-form.js';

export function RetryPolicyPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const { go } = usePlace();
  const at = { params: { path: { id } } };
  const { data, error } = useLive(id, (signal) => answerOf(api.GET('/v1/retry-policies/{id}', { ...at, signal })), {
    everyMs: false,
  });
  const save = async (body: GivenPolicy) => {
    await answerOf(api.PATCH('/v1/retry-policies/{id}', { ...at, body }));
    go('/retry-policies');
  };
  return (
    <div class="stack">
      <PageHeader title={data?.name ?? 'Retry policy'} back={<Link to="/retry-policies">Retry policies</Link>} />
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && <RetryPolicyForm policy={data} submit="Save changes" perform={save} />}
    </div>
  );
}
