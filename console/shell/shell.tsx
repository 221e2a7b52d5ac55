import { useCallback, useEffect, useErrorBoundary, useRef, useState } from 'preact/hooks';
import { Route, Router, useLocation } from 'preact-iso/router';
import { isEmbedded } from '../api/embedded.js';
import { ProjectProvider } from '../api/project.js';
import { useSession } from '../api/session.js';
import { ProblemNotice } from '../components/problem-notice.js';
import { UndoProvider } from '../components/undo.js';
import { SignIn } from '../pages/sign-in/sign-in.js';
import { useKeyboard } from './keyboard.js';
import { addressOf, BASE, usePlace } from './location.js';
import { NoProject, OtherProject } from './no-project.js';
import { NotFound } from './not-found.js';
import { FIRST_PAGE, pages } from './pages.js';
import { Palette } from './palette/palette.js';
import { Shortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';
import { useChosenProject } from './use-chosen-project.js';
import './shell.css';

/** Without a session, the sign-in form is shown at every address, so that the address stays. */
export function Shell() {
  const { session } = useSession();
  if (session === null) return null; // for the moment of one request
  if (session)
    return (
      <UndoProvider>
        <SignedIn />
      </UndoProvider>
    );
  return isEmbedded ? <NoSession /> : <SignIn />;
}

/** In a page of another origin no person is asked for a key. */
function NoSession() {
  return (
    <main class="narrow stack">
      <p role="status">There is no session here any more. Load the page around this one again.</p>
    </main>
  );
}

function SignedIn() {
  const { projects, project, error, reload } = useChosenProject();
  const [shown, show] = useState<'palette' | 'shortcuts'>();
  const onFind = useCallback(() => show('palette'), []);
  const onShortcuts = useCallback(() => show('shortcuts'), []);
  const close = () => show(undefined);
  useKeyboard({ onFind, onShortcuts });
  return (
    <div class="shell">
      <a class="skip-link" href="#page">
        Skip to the page
      </a>
      <Sidebar projects={projects ?? []} project={project} onFind={onFind} onShortcuts={onShortcuts} />
      <main class="page" id="page" tabIndex={-1}>
        {error !== undefined && <ProblemNotice error={error} />}
        {projects?.length === 0 && <NoProject onCreated={reload} />}
        {projects && projects.length > 0 && !project && <OtherProject onLook={reload} />}
        {project && (
          // `key` makes a new tree for each project, so that no state of another project stays.
          <ProjectProvider project={project} reload={reload} key={project.id}>
            <Pages />
            <Palette open={shown === 'palette'} onClose={close} />
          </ProjectProvider>
        )}
        <Shortcuts open={shown === 'shortcuts'} onClose={close} />
      </main>
    </div>
  );
}

/** The present page. If it throws, the shell stays, and another page clears the error. */
function Pages() {
  const [error, forget] = useErrorBoundary();
  const { path } = usePlace();
  useEffect(forget, [path]);
  useFocusOn(path);
  if (error !== undefined) return <ProblemNotice error={error} />;
  return (
    <Router>
      <Route path={BASE} component={FirstPage} />
      {Object.entries(pages).map(([page, component]) => (
        <Route key={page} path={addressOf(page)} component={component} />
      ))}
      <Route default component={NotFound} />
    </Router>
  );
}

/** Moves the focus to a new page, for keyboards and screen readers. */
function useFocusOn(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) document.getElementById('page')?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
}

function FirstPage() {
  const { route } = useLocation();
  const { href } = usePlace();
  // On every render, because the choice of a project may have changed the address in between.
  useEffect(() => route(href(FIRST_PAGE), true));
  return null;
}
