import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { Identifier } from '../../components/identifier.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';
import type { PageProps } from '../../shell/page-props.js';
import { Keys } from './keys.js';
import { ProjectForm, type ProjectValues } from './project-form.js';
import { Usage } from './usage.js';

/** A project's keys and name. */
export function ProjectPage({ params: { id = '' } }: PageProps) {
  const { api, may } = useSession();
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
  const isAdmin = may('administer', id);
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
      {data && !isAdmin && <p class="quiet">Keys and settings are for the project’s admins.</p>}
      {data && isAdmin && <Keys project={data} />}
      {data && <Usage project={data} />}
      {data && isAdmin && <Settings project={data} onChanged={changed} />}
    </div>
  );
}

interface SettingsProps {
  readonly project: Schemas['Project'];
  readonly onChanged: () => void;
}

function Settings({ project, onChanged }: SettingsProps) {
  const { api } = useSession();
  const save = async (body: ProjectValues) => {
    await answerOf(api.PATCH('/v1/projects/{id}', { params: { path: { id: project.id } }, body }));
    onChanged();
  };
  return (
    <section class="stack-tight">
      <h2>Settings</h2>
      <div class="card card-body">
        <ProjectForm submit="Save" project={project} perform={save} />
      </div>
    </section>
  );
}
