import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Schemas } from '../api/client.js';
import { useSession } from '../api/session.js';
import { useUndo } from '../components/undo.js';
import { Link } from './link.js';
import { addressOf, usePlace } from './location.js';
import { Logo } from './logo.js';
import { NavIcon } from './nav-icon.js';
import { OpenLetters } from './open-letters.js';
import { navigation } from './pages.js';
import { ThemeToggle } from './theme-toggle.js';
import { ZoneToggle } from './zone-toggle.js';

interface SidebarProps {
  readonly projects: readonly Schemas['Project'][];
  readonly project: Schemas['Project'] | undefined;
  readonly onFind: () => void;
  readonly onShortcuts: () => void;
}

/** The navigation; a narrow screen shows it when asked. */
export function Sidebar(props: SidebarProps) {
  const { session, signOut } = useSession();
  // Without the session, a delete that is put off would be refused.
  const { flush } = useUndo();
  const { path } = usePlace();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  return (
    <header class={`sidebar ${open ? 'open' : ''}`}>
      <Logo />
      <ProjectChoice {...props} />
      <button type="button" class="button menu-switch" aria-expanded={open} onClick={() => setOpen(!open)}>
        Menu
      </button>
      {props.project && (
        <button type="button" class="button find" onClick={props.onFind}>
          Find… <kbd>Ctrl K</kbd>
        </button>
      )}
      <Navigation project={props.project} />
      <div class="sidebar-end">
        <ZoneToggle />
        <ThemeToggle />
        <button type="button" class="button plain" onClick={props.onShortcuts}>
          Shortcuts
        </button>
        <span class="quiet small ellipsis" title={session?.name}>
          {session?.name}
        </span>
        <button type="button" class="button plain" onClick={() => void flush().then(signOut)}>
          Sign out
        </button>
      </div>
    </header>
  );
}

/** The choice of the project. Another project drops the filters, whose ids belong to the project before. */
function ProjectChoice({ projects, project }: Pick<SidebarProps, 'projects' | 'project'>) {
  const { path, query } = usePlace();
  const { route } = useLocation();
  const collection = `/${path.split('/')[1] ?? ''}`;
  const choose = (event: Event) =>
    route(addressOf(collection, { project: (event.currentTarget as HTMLSelectElement).value, zone: query['zone'] }));
  if (projects.length === 0) return null;
  return (
    <select class="project-choice" aria-label="Project" value={project?.id ?? ''} onChange={choose}>
      {!project && <option value="">Choose a project</option>}
      {projects.map(({ id, name, environment }) => (
        <option key={id} value={id}>
          {name} ({environment})
        </option>
      ))}
    </select>
  );
}

function Navigation({ project }: Pick<SidebarProps, 'project'>) {
  const { path } = usePlace();
  const { may } = useSession();
  const shown = navigation.filter(({ needs }) => needs === undefined || (project && may(needs, project.id)));
  return (
    <nav aria-label="Pages">
      <ul>
        {shown.map(({ label, path: to }) => (
          <li key={to}>
            <Link to={to} aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined}>
              <NavIcon path={to} />
              <span>{label}</span>
              {to === '/dead-letters' && project && <OpenLetters project={project.id} />}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
