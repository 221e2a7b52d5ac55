import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useSession } from '../../api/session.js';
import { useLive } from '../../api/use-live.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { shortId } from '../../components/identifier.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { Pager } from '../../components/pager.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import { NewProject } from './new-project.js';

type Project = Schemas['Project'];

const COLUMNS: readonly Column<Project>[] = [
  {
    head: 'Name',
    kind: 'main',
    cell: ({ id, name }) => (
      <Link to={`/projects/${id}`} class="ellipsis">
        {name}
      </Link>
    ),
  },
  { head: 'Environment', cell: ({ environment }) => environment },
  { head: 'Id', kind: 'wide', cell: ({ id }) => <code title={id}>{shortId(id)}</code> },
  { head: 'Created', kind: 'end', cell: ({ created_at }) => <Moment at={created_at} /> },
];

/** All projects, not only the chosen project. */
export function ProjectsPage() {
  const { api } = useSession();
  const { cursor } = usePlace().query;
  const query = { cursor, page_size: 50 };
  const { data, error } = useLive(
    `projects ${cursor ?? ''}`,
    (signal) => answerOf(api.GET('/v1/projects', { params: { query }, signal })),
    { everyMs: false },
  );
  return (
    <div class="stack">
      <PageHeader title="Projects and keys">
        <May needs="administer" project="*">
          <NewProject />
        </May>
      </PageHeader>
      <p class="quiet">A project is a tenant and its environment: every key, endpoint and task run belongs to one.</p>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && <DataTable label="Projects" columns={COLUMNS} rows={data.data} keyOf={({ id }) => id} />}
      <Pager nextCursor={data?.next_cursor} />
    </div>
  );
}
