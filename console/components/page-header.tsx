import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useProject } from '../api/project.js';
import { usePlace } from '../shell/location.js';
import { noteRecent } from '../shell/palette/recent.js';
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
  const project = useProject()?.project.id;
  const { path } = usePlace();
  useEffect(() => {
    document.title = `${title} · Punctual`;
    if (project) noteRecent(project, path, title);
  }, [title, project, path]);
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
