import { HIDDEN, withoutQuery, withoutValues } from '../../destinations/http/http.js';
import type { Audited } from '../../destinations/kind.js';
import { KIND_FIELDS } from '../../destinations/registry.js';

/** A line of the audit: a change, refused requests, or an attempt's outcome. Times are Unix milliseconds. */
export type AuditEntry = ChangeEntry | RefusalEntry | DeliveryEntry;

interface Entry {
  readonly id: string;
  readonly at: number;
  /** Null for a person's change that belongs to no single project. */
  readonly project_id: string | null;
}

/** Who sent a request, from where, and what it asked for. */
export interface Origin {
  readonly actor:
    | { readonly type: 'person'; readonly name: string; readonly session: string }
    | { readonly type: 'key'; readonly id: string; readonly label: string }
    /** A caller in the AWS account, as AWS names it. */
    | { readonly type: 'account'; readonly name: string }
    /** Whose sign-ins failed so often that the address is refused. */
    | { readonly type: 'unknown' };
  /** The caller's address; through the console's distribution, the viewer's. */
  readonly source_ip: string;
  readonly user_agent: string;
  readonly request_id: string;
  /** Method and path of the API's row, such as `PATCH /v1/endpoints/{id}`. */
  readonly action: string;
  readonly path: string;
}

/** A change: its origin and its object. */
export interface ChangeEntry extends Entry, Origin {
  readonly type: 'change';
  /** The API's answer; null if its process died or failed on the way: then the change may have been made. */
  readonly status: number | null;
  /** The object as the API shows it, without secrets; null without an object. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Refused requests of one caller to one row of the API, with one status; the origin is that of the last of them. */
export interface RefusalEntry extends Entry, Origin {
  readonly type: 'refusal';
  readonly status: number;
  readonly count: number;
}

/** One per recorded attempt, and one more if a worker died before the end of the effects. */
export interface DeliveryEntry extends Entry {
  readonly type: 'delivery';
  readonly attempt_id: string;
  readonly task_id: string;
  readonly endpoint_id: string | null;
  readonly attempt: number;
  readonly outcome: string;
  readonly http_status: number | null;
  readonly error_code: string | null;
  readonly latency_ms: number;
}

/** Entries are only ever added: no code changes or removes them. */
export interface AuditTrail {
  put(entry: AuditEntry): Promise<void>;
  /** Adds the result of a change as an entry of its own, which lists show in the entry of the change. */
  putResult(change: ChangeEntry): Promise<void>;
  /**
   * At most `limit` entries of these projects (null: of no project), oldest first by id, strictly after the id `after`
   * and before the id `until`.
   */
  list(projects: readonly (string | null)[], after: string, until: string, limit: number): Promise<AuditEntry[]>;
}

/** Secrets, which the API shows once; and a customer's content, which is no matter of an audit. */
const SECRETS: ReadonlySet<string> = new Set(['key', 'signing_secret', 'token', 'payload', 'body', 'response_body']);
/** What is kept of a field in place of its value: of the destinations of each kind, of attempts, and of the dialects' jobs. */
const AUDITED: ReadonlyMap<string, Audited> = new Map([
  ...Object.values(KIND_FIELDS).flatMap(({ audited }) => Object.entries(audited)),
  ['request_headers', withoutValues],
  ['response_headers', withoutValues],
  ['targetUrl', withoutQuery],
  ['webhookUrl', withoutQuery],
]);

/** What the API shows of an object, fit to be kept: secrets, payloads, header values and queries are hidden. */
export function withoutSecrets(shown: unknown): unknown {
  if (Array.isArray(shown)) return shown.map(withoutSecrets);
  if (!isObject(shown)) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, hidden(name, value)]));
}

function hidden(name: string, value: unknown): unknown {
  if (SECRETS.has(name) && value !== null) return HIDDEN;
  const audited = AUDITED.get(name);
  return value && audited ? audited(value) : withoutSecrets(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
