import type { ComponentChildren } from 'preact';
import { CodeBlock } from './code-block.js';

interface EmptyStateProps {
  readonly title: string;
  /** A command to paste that creates the list's first object. */
  readonly command?: string | undefined;
  readonly children: ComponentChildren;
}

/** Shown in place of an empty list: the list's content, and how to create it. */
export function EmptyState({ title, command, children }: EmptyStateProps) {
  return (
    <div class="card card-body stack-tight empty-state">
      <h2>{title}</h2>
      <p class="quiet">{children}</p>
      {command && <CodeBlock text={command} label="Command" />}
    </div>
  );
}
