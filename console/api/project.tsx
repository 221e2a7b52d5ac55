import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { Api, Schemas } from './client.js';
import { useSession } from './session.js';

interface ProjectState {
  readonly project: Schemas['Project'];
  /** The API for this project. */
  readonly api: Api;
  /** Reads the projects and their names again. */
  readonly reload: () => void;
}

const Context = createContext<ProjectState | undefined>(undefined);

interface ProviderProps {
  readonly project: Schemas['Project'];
  readonly reload: () => void;
  readonly children: ComponentChildren;
}

export function ProjectProvider({ project, reload, children }: ProviderProps) {
  const { apiOf } = useSession();
  const state = useMemo(() => ({ project, api: apiOf(project.id), reload }), [project, apiOf, reload]);
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

/** The chosen project. Use it only below the shell, which has chosen one. */
export function useProject(): ProjectState {
  return useContext(Context)!;
}
