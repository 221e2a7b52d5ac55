import type { Granted } from '../projects/permissions.js';

/** How a person has signed in. A `portal_link` waits for a person: it is exchanged, once, for a session by `link_to`. */
export type SignInMethod = 'operator_key' | 'api_key' | 'oidc' | 'portal_link' | 'portal';

/** A person, from the sign-in until the sign-out, the revocation or the expiry. Times are Unix milliseconds. */
export interface Session extends Granted {
  readonly id: string;
  readonly signed_in_by: SignInMethod;
  /** How the session that a link is exchanged for has signed in: the person who made the link, or else by `portal`. */
  readonly link_to?: SignInMethod;
  /** When the session that a link is exchanged for ends at the latest. */
  readonly linked_until?: number;
  /** Who has signed in, by that way: `operator`, the id of an API key or of a project, or the provider's id of the person. */
  readonly subject: string;
  /** What persons are shown: a mail address, or the label of a key. */
  readonly name: string;
  /** SHA-256 (hex) of the token. The token itself is never stored. */
  readonly token_hash: string;
  /** Of the operator key that signed in: another operator key ends the session. */
  readonly key_fingerprint?: string;
  /** Of the provider that vouches for the person: without it in the settings, the session ends. */
  readonly issuer?: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly last_used_at?: number;
  /** The addresses from which the person signed in, and was there last. Sessions of older releases have none. */
  readonly signed_in_from?: string;
  readonly last_used_from?: string;
}

/** Sessions of all persons. `expires_at` filters every read, and DynamoDB deletes what has expired. */
export interface SessionStore {
  create(session: Session): Promise<void>;
  /** Strongly consistent. */
  find(id: string): Promise<Session | undefined>;
  /** Newest first, strictly before the id `before`. */
  list(before: string | undefined, limit: number, wanted: (session: Session) => boolean): Promise<Session[]>;
  /** Whether there was a session to end. */
  end(id: string): Promise<boolean>;
  /** Sets `last_used_at` and `last_used_from`, unless the last use is later than `since`, or the session has ended. */
  noteUse(id: string, from: string, at: number, since: number): Promise<void>;
}
