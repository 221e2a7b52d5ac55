import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { type Api, answerOf, createApi, type Schemas } from './client.js';
import { isEmbedded } from './embedded.js';
import { problemOf } from './problem.js';

type Session = Schemas['Session'];
type Permission = Session['permissions'][string][number];

interface SessionState {
  /** Undefined without a session; null until the API has said whether there is one. */
  readonly session: Session | undefined | null;
  /** Why there is no session any more, or why it cannot be told. */
  readonly ended: 'expired' | { readonly error: unknown } | undefined;
  /** With the operator key or the key of a project. @throws ApiProblem when the key is wrong */
  readonly signIn: (key: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** Whether the session may do this in the project; `*` asks about all projects. The API decides; this says what to show. */
  readonly may: (needs: Permission, project: string) => boolean;
  /** The API without a project: projects and their keys. */
  readonly api: Api;
  readonly apiOf: (project: string) => Api;
}

const Context = createContext<SessionState | undefined>(undefined);
type Known = Pick<SessionState, 'session' | 'ended'> & { readonly token?: string | undefined };
const NOBODY: Known = { session: undefined, ended: undefined };

/** The session itself is a cookie that no script reads: a reload and another tab have it, too. An embedded one ends with its page. */
export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [{ session, ended, token }, set] = useState<Known>({ session: null, ended: undefined });
  const onUnauthenticated = useCallback(() => set({ session: undefined, ended: 'expired' }), []);
  useEffect(() => {
    const portal_token = takePortalToken();
    const current = (): Promise<Schemas['StartedSession']> =>
      answerOf(createApi({}).GET('/v1/sessions/{id}', { params: { path: { id: 'current' } } }));
    const byLink = (): Promise<Schemas['StartedSession']> =>
      answerOf(createApi({}).POST('/v1/sessions', { body: { portal_token, cookie: !isEmbedded } }));
    // A used link changes nothing for a person who is signed in already.
    const begun =
      portal_token === undefined ? current() : byLink().catch((error) => current().catch(() => Promise.reject(error)));
    begun.then(
      (found) => set({ session: found, ended: undefined, token: found.token }),
      (error) =>
        set(
          problemOf(error).status === 401 && portal_token === undefined
            ? NOBODY
            : { session: undefined, ended: { error } },
        ),
    );
  }, []);
  const state = useMemo<SessionState>(
    () => ({
      session,
      ended,
      async signIn(given) {
        const key = given.trim();
        const body = { cookie: true, ...(key.startsWith('sk_') ? { api_key: key } : { operator_key: key }) };
        set({ session: await answerOf(createApi({}).POST('/v1/sessions', { body })), ended: undefined });
      },
      async signOut() {
        await answerOf(createApi({ token }).DELETE('/v1/sessions/{id}', { params: { path: { id: 'current' } } }));
        set(NOBODY);
      },
      may: (needs, project) => ['*', project].some((id) => session?.permissions[id]?.includes(needs)),
      api: createApi({ token, onUnauthenticated }),
      apiOf: (project) => createApi({ token, onUnauthenticated, project }),
    }),
    [session, ended, token, onUnauthenticated],
  );
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

/** The token of a portal link. It is taken out of the address: it signs in once. */
function takePortalToken(): string | undefined {
  const [, token] = /^#portal=(.+)$/.exec(location.hash) ?? [];
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

export function useSession(): SessionState {
  return useContext(Context)!;
}
