import type { ComponentChildren } from 'preact';
import { type Query, usePlace } from './location.js';

interface LinkProps {
  /** Path below the console's base. */
  readonly to: string;
  readonly query?: Query;
  readonly class?: string;
  readonly title?: string;
  readonly 'aria-current'?: 'page' | undefined;
  readonly children: ComponentChildren;
}

/** A link to another page of the same project. */
export function Link({ to, query, ...anchor }: LinkProps) {
  const { href } = usePlace();
  return <a href={href(to, query)} {...anchor} />;
}
