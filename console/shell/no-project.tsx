import { answerOf } from '../api/client.js';
import { useSession } from '../api/session.js';
import { useAction } from '../api/use-action.js';
import { ProjectFields, projectIn } from '../pages/projects/project-fields.js';

/** Before the first project there is nothing to look at. */
export function NoProject({ onCreated }: { readonly onCreated: () => void }) {
  const { api } = useSession();
  const { run, busy, problem } = useAction(async (form: HTMLFormElement) => {
    await answerOf(api.POST('/v1/projects', { body: projectIn(form) }));
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
      <ProjectFields problem={problem} />
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy}>
          Create project
        </button>
      </div>
    </form>
  );
}
