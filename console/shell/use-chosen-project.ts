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

/** The project that the address names, and no other; the newest project if the address names none. */
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
  const named = query['project'];
  const project = named ? projects?.find(({ id }) => id === named) : projects?.[0];
  useEffect(() => {
    if (project && !named) filter({ project: project.id });
  }, [project, named]);
  return { projects, project, error, reload: refresh };
}
