import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { headersOf, type Texts } from '../../components/form-values.js';
import { OnceSecret } from '../../components/once-secret.js';
import { PageHeader } from '../../components/page-header.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { EventChoice, eventsIn } from './event-choice.js';

const POINTERS = ['/name', '/url', '/event_filters', '/signing_secret', '/headers'];

/** Registers a URL with its events, then shows the signing secret with which the receiver checks signatures. */
export function NewWebhookPage() {
  const { api } = useProject();
  const { go } = usePlace();
  const [made, setMade] = useState<Schemas['EndpointWithSecret']>();
  const bodyOf = (texts: Texts) => {
    const { name = '', url = '', signing_secret } = texts;
    const own = signing_secret ? { signing_secret } : {}; // not trimmed: a secret may hold spaces
    return { name, url, event_filters: eventsIn(texts), headers: headersOf(texts['headers']), ...own };
  };
  const register = async (texts: Texts) => setMade(await answerOf(api.POST('/v1/endpoints', { body: bodyOf(texts) })));
  return (
    <div class="stack">
      <PageHeader title="New webhook" back={<Link to="/webhooks">Webhooks</Link>} />
      <div class="card card-body">
        <Form
          submit="Register"
          perform={register}
          pointers={POINTERS}
          callOf={(texts) => ({ path: '/v1/endpoints', body: bodyOf(texts) })}
        >
          {(problem) => (
            <>
              <div class="form-grid">
                <Field name="name" label="Name" placeholder="pager" problem={problem} autocomplete="off" required />
                <Field
                  name="url"
                  label="URL"
                  type="url"
                  placeholder="https://example.com/hooks"
                  hint="HTTPS; private addresses are refused."
                  problem={problem}
                  required
                />
                <Field
                  name="signing_secret"
                  label="Signing secret"
                  hint="Any text of your own; empty: one is made. It is shown once more, and never again."
                  problem={problem}
                  autocomplete="off"
                  spellcheck={false}
                />
                <Field
                  name="headers"
                  label="Headers"
                  hint="Name: value, one per line. Sent with each."
                  problem={problem}
                >
                  {(props) => <textarea {...props} class="code" rows={2} />}
                </Field>
              </div>
              <EventChoice chosen={['job.failed']} problem={problem} />
            </>
          )}
        </Form>
      </div>
      <OnceSecret
        label="Signing secret"
        secret={made?.signing_secret}
        onClose={() => made && go(`/webhooks/${made.id}`)}
      />
    </div>
  );
}
