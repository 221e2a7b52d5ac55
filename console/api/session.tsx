import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useMemo, useState } from 'preact/hooks';
import { type Api, answerOf, createApi } from './client.js';

export interface Session {
  readonly token: string;
  readonly expires_at: string;
}

interface SessionState {
  readonly session: Session | undefined;
  /** Whether the last session expired. */
  readonly expired: boolean;
  /** @throws ApiProblem when the key is wrong */
  readonly signIn: (operatorKey: string) => Promise<void>;
  readonly signOut: () => void;
  /** The API without a project: projects and their keys. */
  readonly api: Api;
  readonly apiOf: (project: string) => Api;
}

const Context = createContext<SessionState | undefined>(undefined);

/** Holds the session in memory alone: a reload asks for the operator key again, and the session is never stored. */
export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [{ session, expired }, set] = useState<{ session?: Session; expired: boolean }>({ expired: false });
  const token = session?.token;
  const onUnauthenticated = useCallback(() => set({ expired: true }), []);
  const options = useMemo(() => (token ? { token, onUnauthenticated } : {}), [token]);
  const state = useMemo<SessionState>(
    () => ({
      session,
      expired,
      async signIn(operator_key) {
        const body = { operator_key: operator_key.trim() };
        set({ session: await answerOf(createApi({}).POST('/v1/sessions', { body })), expired: false });
      },
      signOut: () => set({ expired: false }),
      api: createApi(options),
      apiOf: (project) => createApi({ ...options, project }),
    }),
    [session, expired, options],
  );
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

export function useSession(): SessionState {
  return useContext(Context)!;
}
