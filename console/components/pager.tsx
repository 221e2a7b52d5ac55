import { usePlace } from '../shell/location.js';

interface PagerProps {
  readonly nextCursor: string | null | undefined;
}

/** A link to the next page. The address has the page's cursor, so the browser's back button goes back a page. */
export function Pager({ nextCursor }: PagerProps) {
  const { path, query, href } = usePlace();
  const { cursor, ...filters } = query;
  if (!cursor && !nextCursor) return null;
  return (
    <nav class="row actions" aria-label="Pages of the list">
      {cursor && (
        <a class="button" href={href(path, filters)}>
          Newest
        </a>
      )}
      {nextCursor && (
        <a class="button" href={href(path, { ...filters, cursor: nextCursor })}>
          Older
        </a>
      )}
    </nav>
  );
}
