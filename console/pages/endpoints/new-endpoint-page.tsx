import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { withoutNulls } from '../../components/form-values.js';
import { OnceSecret } from '../../components/once-secret.js';
import { PageHeader } from '../../components/page-header.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { EndpointForm, type GivenEndpoint } from './endpoint-form.js';

export function NewEndpointPage() {
  const { api } = useProject();
  const { go } = usePlace();
  const [created, setCreated] = useState<Schemas['EndpointWithSecret']>();
  const bodyOf = (given: GivenEndpoint) => withoutNulls(given) as Schemas['NewEndpoint'];
  const create = async (given: GivenEndpoint) =>
    setCreated(await answerOf(api.POST('/v1/endpoints', { body: bodyOf(given) })));
  return (
    <div class="stack">
      <PageHeader title="New endpoint" back={<Link to="/endpoints">Endpoints</Link>} />
      <EndpointForm
        submit="Create endpoint"
        back="/endpoints"
        perform={create}
        callOf={(given) => ({ path: '/v1/endpoints', body: bodyOf(given) })}
      />
      <OnceSecret
        label="The signing secret"
        secret={created?.signing_secret}
        onClose={() => created && go(`/endpoints/${created.id}`)}
      />
    </div>
  );
}
