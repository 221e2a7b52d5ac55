import { answerOf } from '../api/client.js';
import { useSession } from '../api/session.js';
import { EmptyState } from '../components/empty-state.js';
import { ProjectForm, type ProjectValues } from '../pages/projects/project-form.js';

/** Shown where the address names a project that is not among those of the session. */
export function OtherProject({ onLook }: { readonly onLook: () => void }) {
  return (
    <EmptyState title="There is no such project for you">
      It may be new, may have been deleted, or you have no role in it. Choose another one, or{' '}
      <button type="button" class="button" onClick={onLook}>
        Look again
      </button>
    </EmptyState>
  );
}

/** Shown while no project exists: a form that creates the first project. */
export function NoProject({ onCreated }: { readonly onCreated: () => void }) {
  const { api, may } = useSession();
  const create = async (body: ProjectValues) => {
    await answerOf(api.POST('/v1/projects', { body }));
    onCreated();
  };
  if (!may('administer', '*')) return <p>There is no project that you may see.</p>;
  return (
    <div class="card card-body stack narrow">
      <h1>Create the first project</h1>
      <p class="quiet">A project is a tenant and its environment: every key, endpoint and task run belongs to one.</p>
      <ProjectForm submit="Create project" perform={create} />
    </div>
  );
}
