import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useSession } from '../../api/session.js';
import { useAction } from '../../api/use-action.js';
import { useLive } from '../../api/use-live.js';
import { Identifier } from '../../components/identifier.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/pages.js';
import { Keys } from './keys.js';
import { ProjectFields, projectIn } from './project-fields.js';

/** A project's keys, and what it is called. */
export function ProjectPage({ params: { id = '' } }: PageProps) {
  const { api } = useSession();
  const { reload } = useProject();
  const { data, error, refresh } = useLive(
    id,
    (signal) => answerOf(api.GET('/v1/projects/{id}', { params: { path: { id } }, signal })),
    { everyMs: false },
  );
  const changed = () => {
    refresh();
    reload();
  };
  return (
    <div class="stack">
      <PageHeader
        title={data?.name ?? 'Project'}
        back={<Link to="/projects">Projects and keys</Link>}
        beside={data && <span class="quiet">{data.environment}</span>}
      />
      <Identifier id={id} />
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && <Keys project={data} />}
      {data && <Settings project={data} onChanged={changed} />}
    </div>
  );
}

interface SettingsProps {
  readonly project: Schemas['Project'];
  readonly onChanged: () => void;
}

function Settings({ project, onChanged }: SettingsProps) {
  const { api } = useSession();
  const { run, busy, problem } = useAction(async (form: HTMLFormElement) => {
    const options = { params: { path: { id: project.id } }, body: projectIn(form) };
    await answerOf(api.PATCH('/v1/projects/{id}', options));
    onChanged();
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  return (
    <section class="stack-tight">
      <h2>Settings</h2>
      <form class="card card-body stack" onSubmit={submit}>
        <div class="form-grid">
          <ProjectFields project={project} problem={problem} />
        </div>
        <div class="actions">
          <button type="submit" class="button" disabled={busy}>
            Save
          </button>
        </div>
      </form>
    </section>
  );
}
