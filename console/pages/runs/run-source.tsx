import type { Schemas } from '../../api/client.js';
import { Link } from '../../shell/link.js';

/** Paths of the pages of objects that make task runs. */
const PAGES: Readonly<Record<string, string>> = { sch: '/schedules', evt: '/events', ep: '/endpoints' };

/** The source of a run, with a link to the object that made the run. */
export function RunSource({ source: { type, id } }: { readonly source: Schemas['TaskRun']['source'] }) {
  const page = id && PAGES[id.split('_')[0]!];
  return page ? <Link to={`${page}/${id}`}>{type}</Link> : <span>{type}</span>;
}
