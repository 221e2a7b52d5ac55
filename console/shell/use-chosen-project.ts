import { useEffect } from 'preact/hooks';
import { allPages } from '../api/all-pages.js';
import { answerOf, type Schemas } from '../api/client.js';
import { useSession } from '../api/session.js';
import { useLive } from '../api/use-live.js';
import { usePlace } from './location.js';

const PAGE_SIZE = 100;

interface ChosenProject {
  readonly projects: readonly Schemas['Project'][] | undefined;
  readonly project: Schemas['Project'] | undefined;
  readonly error: unknown;
  readonly reload: () => void;
}

/** The project that the address names; the newest project if the address names none or a deleted project. */
export function useChosenProject(): ChosenProject {
  const { api } = useSession();
  const { query, filter } = usePlace();
  // All projects are read, so that the project of the address is found.
  const load = () =>
    allPages((cursor) =>
      answerOf(api.GET('/v1/projects', { params: { query: { page_size: PAGE_SIZE, ...(cursor && { cursor }) } } })),
    );
  const { data, error, refresh } = useLive('projects', load, { everyMs: false });
  const projects = data?.rows;
  const project = projects?.find(({ id }) => id === query['project']) ?? projects?.[0];
  useEffect(() => {
    if (project && project.id !== query['project']) filter({ project: project.id });
  }, [project, query['project']]);
  return { projects, project, error, reload: refresh };
}
