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
import { EndpointForm, type GivenEndpoint } from './endpoint-form.js';

export function EditEndpointPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const { go } = usePlace();
  const at = { params: { path: { id } } };
  const page = `/endpoints/${id}`;
  const { data, error } = useLive(id, (signal) => answerOf(api.GET('/v1/endpoints/{id}', { ...at, signal })), {
    everyMs: false,
  });
  const changes = (given: GivenEndpoint) => onlyChanges(given, data!);
  const save = async (given: GivenEndpoint) => {
    await answerOf(api.PATCH('/v1/endpoints/{id}', { ...at, body: changes(given) }));
    go(page);
  };
  return (
    <div class="stack">
      <PageHeader title="Edit endpoint" back={<Link to={page}>{data?.name ?? 'Endpoint'}</Link>} />
      {error !== undefined && <ProblemNotice error={error} />}
      {!data && error === undefined && <Loading />}
      {data && (
        <EndpointForm
          endpoint={data}
          submit="Save changes"
          back={page}
          perform={save}
          callOf={(given) => ({ path: '/v1/endpoints/{id}', id, body: changes(given) })}
        />
      )}
    </div>
  );
}
