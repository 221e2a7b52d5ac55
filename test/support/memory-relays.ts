import type { RelayedAnswer } from '../../functions/destinations/http/relayed-answer.js';
import type { RelayedRequest, RelayKey, RelayStore } from '../../functions/subjects/listeners/listener.js';
import type { Claim, ClaimKind, ClaimStore } from '../../functions/subjects/projects/claims.js';

interface Kept {
  readonly request: RelayedRequest;
  readonly taken?: boolean;
  readonly answer?: RelayedAnswer;
}

/** Calls on their way to listeners, and who has claimed what. */
export class MemoryRelays {
  private readonly rows = new Map<string, Kept>();
  private readonly claimed = new Map<string, readonly Claim[]>();

  constructor(private readonly step: <Result>(name: string, effect: () => Result) => Promise<Result>) {}

  readonly claims: ClaimStore = {
    held: (project, kind) => this.step('claims', () => this.heldBy(project, kind)),
    change: async (project, kind, change) => {
      const held = change(this.heldBy(project, kind));
      this.claimed.set(`${project} ${kind}`, held);
      return held;
    },
  };

  private heldBy(project: string, kind: ClaimKind): readonly Claim[] {
    return this.claimed.get(`${project} ${kind}`) ?? [];
  }

  readonly store: RelayStore = {
    put: (request) => this.step('putRequest', () => void this.rows.set(placeOf(request), { request })),
    take: async ({ project_id, listener_id }, now, limit) =>
      [...this.rows]
        .filter(
          ([, { request, taken }]) =>
            request.project_id === project_id &&
            request.listener_id === listener_id &&
            !taken &&
            request.expires_at > now,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([place, kept]) => {
          this.rows.set(place, { ...kept, taken: true });
          return kept.request;
        }),
    answer: async (key, answer) => {
      const kept = this.rows.get(placeOf(key));
      if (!kept?.taken || kept.answer) return false;
      this.rows.set(placeOf(key), { ...kept, answer });
      return true;
    },
    answerTo: (key) => this.step('answerTo', () => this.rows.get(placeOf(key))?.answer),
    remove: (key) =>
      this.step('removeRequest', () => {
        const answer = this.rows.get(placeOf(key))?.answer;
        this.rows.delete(placeOf(key));
        return answer;
      }),
  };
}

function placeOf({ project_id, listener_id, id }: RelayKey): string {
  return `${project_id} ${listener_id} ${id}`;
}
