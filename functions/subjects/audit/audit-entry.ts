import type * as z from 'zod';
import { HIDDEN, withoutQuery, withoutValues } from '../../destinations/http/http.js';
import type { Audited } from '../../destinations/kind.js';
import { KIND_FIELDS } from '../../destinations/registry.js';
import type { changeSchema, deliverySchema, refusalSchema } from './audit-answers.js';

/** An entry as it is stored: its moment in Unix milliseconds. */
type Stored<Schema extends z.ZodType> = Readonly<Omit<z.infer<Schema>, 'at'>> & { readonly at: number };

export type ChangeEntry = Stored<typeof changeSchema>;
export type RefusalEntry = Stored<typeof refusalSchema>;
export type DeliveryEntry = Stored<typeof deliverySchema>;
/** A line of the audit: a change, refused requests, or an attempt's outcome. */
export type AuditEntry = ChangeEntry | RefusalEntry | DeliveryEntry;

/** Who sent a request, from where, and what it asked for. */
export type Origin = Pick<ChangeEntry, 'actor' | 'source_ip' | 'user_agent' | 'request_id' | 'action' | 'path'>;

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
