import { useLocation } from 'preact-iso/router';

export const BASE = '/console';

export type Query = Readonly<Record<string, string | undefined>>;

/** The address of a page of the console, without empty query values. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = new URLSearchParams(given).toString();
  return BASE + path + (search && `?${search}`);
}

export interface Place {
  /** Path below the console's base, with its leading slash. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The address of another page of the same project. */
  readonly href: (path: string, query?: Query) => string;
  readonly go: (path: string, query?: Query) => void;
  /** Changes filters of this page in place; other filters stay, an empty value removes its filter. */
  readonly filter: (changes: Query) => void;
  /** Sets the filter named like the changed field, and goes back to the first page. */
  readonly filterByField: (change: Event) => void;
}

/** The present page, and navigation that keeps the chosen project and time zone. */
export function usePlace(): Place {
  const { path: whole, query, route } = useLocation();
  const path = whole.slice(BASE.length) || '/';
  const { project, zone } = query;
  const href = (to: string, wanted: Query = {}) => addressOf(to, { project, zone, ...wanted });
  const filter = (changes: Query) => route(addressOf(path, { ...query, ...changes }), true);
  return {
    path,
    query,
    href,
    go: (to, wanted) => route(href(to, wanted)),
    filter,
    filterByField: ({ currentTarget }) => {
      const { name, value } = currentTarget as HTMLInputElement;
      filter({ [name]: value.trim(), cursor: undefined });
    },
  };
}
