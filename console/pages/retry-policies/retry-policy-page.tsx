import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { onlyChanges } from '../../components/form-values.js';
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
  const changes = (given: GivenPolicy) => onlyChanges(given, data!);
  const save = async (given: GivenPolicy) => {
    await answerOf(api.PATCH('/v1/retry-policies/{id}', { ...at, body: changes(given) }));
    go('/retry-policies');
  };
  return (
    <div class="stack">
      <PageHeader title={data?.name ?? 'Retry policy'} back={<Link to="/retry-policies">Retry policies</Link>} />
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && (
        <RetryPolicyForm
          policy={data}
          submit="Save changes"
          perform={save}
          callOf={(given) => ({ path: '/v1/retry-policies/{id}', id, body: changes(given) })}
        />
      )}
    </div>
  );
}
