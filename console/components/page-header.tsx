import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import './page-header.css';

interface PageHeaderProps {
  readonly title: string;
  /** Above the title: a link back to the list. */
  readonly back?: ComponentChildren;
  /** Beside the title. */
  readonly beside?: ComponentChildren;
  /** Actions, on the right. */
  readonly children?: ComponentChildren;
}

export function PageHeader({ title, back, beside, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Punctual`;
  }, [title]);
  return (
    <div class="page-header">
      <div class="stack-tight">
        {back && <div class="small">{back}</div>}
        <div class="row">
          <h1>{title}</h1>
          {beside}
        </div>
      </div>
      {children && <div class="row">{children}</div>}
    </div>
  );
}
