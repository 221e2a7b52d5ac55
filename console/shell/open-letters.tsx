import { answerOf } from '../api/client.js';
import { useSession } from '../api/session.js';
import { useLive } from '../api/use-live.js';

/** Beyond this number they are not counted. */
const COUNTED = 100;
const EVERY_MS = 20_000;

/** The number of open dead letters of the project, beside the link to them; nothing without one. */
export function OpenLetters({ project }: { readonly project: string }) {
  const { apiOf } = useSession();
  const query = { status: 'open', page_size: COUNTED } as const;
  const { data } = useLive(
    `open letters of ${project}`,
    (signal) => answerOf(apiOf(project).GET('/v1/dead-letters', { params: { query }, signal })),
    { everyMs: EVERY_MS },
  );
  if (!data || data.data.length === 0) return null;
  return (
    <span class="badge numeric" title="Open dead letters">
      {data.data.length}
      {data.next_cursor !== null && '+'}
      <span class="unseen"> open</span>
    </span>
  );
}
