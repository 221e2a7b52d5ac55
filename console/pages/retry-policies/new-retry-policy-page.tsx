import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { withoutNulls } from '../../components/form-values.js';
import { PageHeader } from '../../components/page-header.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import type { GivenPolicy } from './given-policy.js';
import { RetryPolicyForm } from './retry-policy-form.js';

export function NewRetryPolicyPage() {
  const { api } = useProject();
  const { go } = usePlace();
  const create = async (body: GivenPolicy) => {
    await answerOf(api.POST('/v1/retry-policies', { body }));
    go('/retry-policies');
  };
  return (
    <div class="stack">
      <PageHeader title="New retry policy" back={<Link to="/retry-policies">Retry policies</Link>} />
      <RetryPolicyForm
        submit="Create retry policy"
        perform={create}
        callOf={(given) => ({ path: '/v1/retry-policies', body: withoutNulls(given) })}
      />
    </div>
  );
}
