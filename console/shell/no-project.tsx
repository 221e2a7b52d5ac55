import { answerOf } from '../api/client.js';
import { useSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { Field } from '../components/field.js';
import { textsOf } from '../components/form-texts.js';
import { ProblemNotice } from '../components/problem-notice.js';

/** Before the first project there is nothing to look at. */
export function NoProject({ onCreated }: { readonly onCreated: () => void }) {
  const { api } = useSession();
  const { run, busy, problem } = useAction(async (form: HTMLFormElement) => {
    const { name = '', environment } = textsOf(form);
    const body = { name, environment: environment === 'staging' ? 'staging' : 'production' } as const;
    await answerOf(api.POST('/v1/projects', { body }));
    onCreated();
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  return (
    <form class="card card-body stack narrow" onSubmit={submit}>
      <h1>Create the first project</h1>
      <p class="quiet">A project is a tenant and its environment: every key, endpoint and task run belongs to one.</p>
      <Field name="name" label="Name" placeholder="shop" problem={problem} required />
      <Field name="environment" label="Environment" problem={problem}>
        {(props) => (
          <select {...props}>
            <option value="production">production</option>
            <option value="staging">staging</option>
          </select>
        )}
      </Field>
      <ProblemNotice problem={problem} shown={['/name', '/environment']} />
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy}>
          Create project
        </button>
      </div>
    </form>
  );
}
