import type { ComponentChildren } from 'preact';
import { CodeBlock } from './code-block.js';

interface EmptyStateProps {
  readonly title: string;
  /** A command that makes the first one, as it is pasted. */
  readonly command?: string | undefined;
  readonly children: ComponentChildren;
}

/** In place of a list that has nothing to show: what would stand there, and how to get it. */
export function EmptyState({ title, command, children }: EmptyStateProps) {
  return (
    <div class="card card-body stack-tight empty-state">
      <h2>{title}</h2>
      <p class="quiet">{children}</p>
      {command && <CodeBlock text={command} label="Command" />}
    </div>
  );
}
