import type { ComponentChildren } from 'preact';
import { Moment } from '../../components/moment.js';

interface TimelineEntryProps {
  readonly title: ComponentChildren;
  readonly at?: string | null;
  readonly tone?: 'good' | 'bad' | 'busy' | 'waiting';
  readonly children?: ComponentChildren;
}

export function TimelineEntry({ title, at, tone, children }: TimelineEntryProps) {
  return (
    <li class={tone}>
      <div class="stack-tight">
        <div class="entry-head">
          <span class="entry-title">{title}</span>
          {at && (
            <span class="quiet small">
              <Moment at={at} />
            </span>
          )}
        </div>
        {children && <div class="quiet">{children}</div>}
      </div>
    </li>
  );
}
