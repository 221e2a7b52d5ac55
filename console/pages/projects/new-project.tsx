import { useState } from 'preact/hooks';
import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useSession } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { usePlace } from '../../shell/location.js';
import { ProjectForm, type ProjectValues } from './project-form.js';

/** Creates a project and opens its page, where the user creates its first key. */
export function NewProject() {
  const { api } = useSession();
  const { reload } = useProject();
  const { go } = usePlace();
  const [open, setOpen] = useState(false);
  const create = async (body: ProjectValues) => {
    const { id } = await answerOf(api.POST('/v1/projects', { body }));
    reload();
    go(`/projects/${id}`);
  };
  return (
    <>
      <button type="button" class="button primary" onClick={() => setOpen(true)}>
        New project
      </button>
      <Dialog label="New project" open={open} onClose={() => setOpen(false)}>
        <ProjectForm submit="Create project" perform={create} />
      </Dialog>
    </>
  );
}
