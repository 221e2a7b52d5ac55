import type { ComponentType } from 'preact';
import { RunPage } from '../pages/runs/run-page.js';
import { RunsPage } from '../pages/runs/runs-page.js';

/** What a page gets: the variables of its path. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

/** The pages that the navigation shows, from what is looked at most to what is set up once. */
export const navigation: readonly { readonly label: string; readonly path: string }[] = [
  { label: 'Task runs', path: '/runs' },
];

/** Where the console opens. */
export const FIRST_PAGE = '/runs';

/** Every page by its path below the base. */
export const pages: Readonly<Record<string, ComponentType<PageProps>>> = {
  '/runs': RunsPage,
  '/runs/:id': RunPage,
};
