import type { Page } from 'playwright-core';
import type { Seeded } from './seed.js';

/** A page of the console as the screenshots and the look for barriers open it. */
export interface ShownPage {
  readonly name: string;
  readonly path: string;
  /** Also on a screen of 360 pixels. */
  readonly narrow?: boolean;
  /** Until it shows what it is about. */
  readonly ready?: (page: Page) => Promise<unknown>;
}

export function shownPages({ project, runs }: Seeded): readonly ShownPage[] {
  const at = (path: string, query = '') => `/console${path}?project=${project}${query}`;
  return [
    { name: 'runs', path: at('/runs'), narrow: true, ready: (page) => page.getByRole('table').waitFor() },
    {
      name: 'run-dead',
      path: at(`/runs/${runs.dead}`),
      narrow: true,
      ready: (page) => page.getByText('Became a dead letter').waitFor(),
    },
    {
      name: 'run-retrying',
      path: at(`/runs/${runs.retrying}`),
      ready: (page) => page.getByText('Attempt 2 of').waitFor(),
    },
  ];
}
