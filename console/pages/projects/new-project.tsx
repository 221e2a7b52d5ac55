import { useState } from 'preact/hooks';
import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useSession } from '../../api/session.js';
import { useAction } from '../../api/use-action.js';
import { Dialog } from '../../components/dialog.js';
import { usePlace } from '../../shell/location.js';
import { ProjectFields, projectIn } from './project-fields.js';

/** Leads to the project's page, where its first key is made. */
export function NewProject() {
  const { api } = useSession();
  const { reload } = useProject();
  const { go } = usePlace();
  const [open, setOpen] = useState(false);
  const { run, busy, problem, clear } = useAction(async (form: HTMLFormElement) => {
    const { id } = await answerOf(api.POST('/v1/projects', { body: projectIn(form) }));
    reload();
    go(`/projects/${id}`);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  const close = () => {
    setOpen(false);
    clear();
  };
  return (
    <>
      <button type="button" class="button primary" onClick={() => setOpen(true)}>
        New project
      </button>
      <Dialog label="New project" open={open} onClose={close}>
        <form class="stack" onSubmit={submit}>
          <ProjectFields problem={problem} />
          <div class="actions">
            <button type="submit" class="button primary" disabled={busy}>
              Create project
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
