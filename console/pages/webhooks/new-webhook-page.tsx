import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useAction } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { textsOf } from '../../components/form-texts.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SecretOnce } from '../../components/secret-once.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { EventChoice, eventsIn } from './event-choice.js';
import './webhooks.css';

/** Registers an address and the events that it is told of. */
export function NewWebhookPage() {
  const [made, setMade] = useState<Schemas['EndpointWithSecret']>();
  return (
    <div class="stack">
      <PageHeader title="New webhook" back={<Link to="/webhooks">Webhooks</Link>} />
      {made ? <Registered webhook={made} /> : <Registration onRegistered={setMade} />}
    </div>
  );
}

function Registration({ onRegistered }: { readonly onRegistered: (made: Schemas['EndpointWithSecret']) => void }) {
  const { api } = useProject();
  const { run, busy, problem } = useAction(async (form: HTMLFormElement) => {
    const { name = '', url = '' } = textsOf(form);
    const body = { name, url, event_filters: eventsIn(form) };
    onRegistered(await answerOf(api.POST('/v1/endpoints', { body })));
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  return (
    <form class="card card-body stack" onSubmit={submit}>
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
      </div>
      <EventChoice chosen={['job.failed']} problem={problem} />
      <ProblemNotice problem={problem} shown={['/name', '/url', '/event_filters']} />
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy}>
          Register
        </button>
      </div>
    </form>
  );
}

function Registered({ webhook }: { readonly webhook: Schemas['EndpointWithSecret'] }) {
  const { href } = usePlace();
  return (
    <div class="card card-body stack" role="status">
      <h2>Copy the signing secret now</h2>
      <p>It is not shown again. Your receiver checks with it that a notification is ours.</p>
      <SecretOnce
        label="Signing secret"
        value={webhook.signing_secret}
        hint="Standard Webhooks, and X-CronFlow-Signature."
      />
      <div class="actions">
        <a class="button primary" href={href(`/webhooks/${webhook.id}`)}>
          I have copied it
        </a>
      </div>
    </div>
  );
}
