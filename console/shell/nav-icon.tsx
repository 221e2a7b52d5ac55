/** Lines of the navigation's icons, each in a square of 16. */
const LINES: Readonly<Record<string, string>> = {
  '/overview': 'M2 13h12M4 11V7M8 11V3M12 11V5',
  '/runs': 'M4.5 2.5v11l9-5.5z',
  '/dead-letters': 'M2 4h12v8H2zM2 4l6 5 6-5',
  '/schedules': 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.5V8l2.5 1.5',
  '/events': 'M9 1.5 3 9h4l-1 5.5L12.5 7H8z',
  '/endpoints': 'M2 8h9M8 4.5 11.5 8 8 11.5M14 3v10',
  '/retry-policies': 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  '/webhooks': 'M4 6.5a4 4 0 0 1 8 0V10l1.5 2h-11L4 10zM6.5 14h3',
  '/integrate': 'M5 4 1.5 8 5 12M11 4l3.5 4L11 12',
  '/projects': 'M2 4h4l1.5 2H14v7H2z',
  '/people': 'M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM3 13.5c0-3 2-4.5 5-4.5s5 1.5 5 4.5',
  '/audit': 'M4 2h8v12H4zM6 5.5h4M6 8h4M6 10.5h2',
};

export function NavIcon({ path }: { readonly path: string }) {
  return (
    <svg class="nav-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={LINES[path]} />
    </svg>
  );
}
