import type { Schemas } from '../../api/client.js';
import { Link } from '../../shell/link.js';

/** Where the pages of what makes task runs are. */
const PAGES: Readonly<Record<string, string>> = { sch: '/schedules', evt: '/events', ep: '/endpoints' };

/** Why there is this run, with a link to whatever made it. */
export function RunSource({ source: { type, id } }: { readonly source: Schemas['TaskRun']['source'] }) {
  const page = id && PAGES[id.split('_')[0]!];
  return page ? <Link to={`${page}/${id}`}>{type}</Link> : <span>{type}</span>;
}
