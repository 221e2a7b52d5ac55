import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { Api, Schemas } from './client.js';
import { useSession } from './session.js';

interface ProjectState {
  readonly project: Schemas['Project'];
  /** The API, about this project. */
  readonly api: Api;
  /** Looks again which projects there are, and what they are called. */
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

/** The chosen project; only below the shell, which has one chosen. */
export function useProject(): ProjectState {
  return useContext(Context)!;
}
