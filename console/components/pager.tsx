import { usePlace } from '../shell/location.js';

interface PagerProps {
  readonly nextCursor: string | null | undefined;
}

/** Lists go on by cursor, which the address keeps; the browser's own way back is the way back. */
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
