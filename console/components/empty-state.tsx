import type { ComponentChildren } from 'preact';
import { usePlace } from '../shell/location.js';
import { NavIcon } from '../shell/nav-icon.js';
import { CodeBlock } from './code-block.js';
import './states.css';

interface EmptyStateProps {
  readonly title: string;
  /** A command to paste that creates the list's first object. */
  readonly command?: string | undefined;
  readonly children?: ComponentChildren;
}

/** Shown in place of an empty list: the list's content, and how to create it, below the icon of its page. */
export function EmptyState({ title, command, children }: EmptyStateProps) {
  const page = `/${usePlace().path.split('/')[1]}`;
  return (
    <div class="card card-body empty-state">
      <span class="state-icon">
        <NavIcon path={page} />
      </span>
      <h2>{title}</h2>
      {children && <p class="quiet">{children}</p>}
      {command && <CodeBlock text={command} label="Command" />}
    </div>
  );
}
