import { answerOf, type Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { shortId } from '../../components/identifier.js';
import { usePlace } from '../../shell/location.js';
import './dead-letter-groups.css';
import { REASONS } from './dead-letter-filters.js';

type Letter = Schemas['DeadLetter'];

interface Group {
  readonly endpoint_id: string | null;
  readonly reason: Letter['reason'];
  count: number;
}

const LOOKED_AT = 100;
const EVERY_MS = 10_000;

/** The newest open dead letters, counted by endpoint and reason; each group links to its list. */
export function DeadLetterGroups() {
  const { api } = useProject();
  const { path, href } = usePlace();
  const endpoints = useNames('endpoints');
  const query = { status: 'open', page_size: LOOKED_AT } as const;
  const load = (signal: AbortSignal) => answerOf(api.GET('/v1/dead-letters', { params: { query }, signal }));
  const { data } = useLive('open dead letters', load, { everyMs: EVERY_MS });
  const groups = groupsOf(data?.data ?? []);
  if (groups.length < 2) return null;
  return (
    <ul class="letter-groups" aria-label={`Open ones by endpoint and reason, of the newest ${LOOKED_AT}`}>
      {groups.map(({ endpoint_id, reason, count }) => (
        <li key={`${endpoint_id} ${reason}`}>
          <a class="card letter-group" href={href(path, { endpoint_id: endpoint_id ?? '', reason })}>
            <span class="ellipsis">{nameOf(endpoint_id, endpoints)}</span>
            <span class="quiet small">{REASONS[reason]}</span>
            <strong class="numeric">{count}</strong>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function nameOf(endpoint: string | null, names: ReadonlyMap<string, string>): string {
  if (endpoint === null) return 'inline target';
  return names.get(endpoint) ?? shortId(endpoint);
}

/** The endpoint of a dead letter, which may be deleted. */
export function shownEndpoint(
  { endpoint_id, endpoint_deleted }: Pick<Letter, 'endpoint_id' | 'endpoint_deleted'>,
  names: ReadonlyMap<string, string>,
): string {
  const name = nameOf(endpoint_id, names);
  return endpoint_deleted ? `${name} (deleted)` : name;
}

function groupsOf(letters: readonly Letter[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { endpoint_id, reason } of letters) {
    const key = `${endpoint_id} ${reason}`;
    const group = groups.get(key) ?? { endpoint_id, reason, count: 0 };
    group.count++;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
