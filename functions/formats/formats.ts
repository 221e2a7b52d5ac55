import { hexOf, type IdPrefix, uuidOf } from '../primitives/ids.js';
import { cronService } from './cron-service.js';
import { dispatch } from './dispatch.js';
import { type Format, type FormattedBody, hexHmac, type Rendered } from './format.js';
import { notification } from './notification.js';

const RAW: Format = {};

/** Every format, by the name that is stored in rows. */
const FORMATS = { raw: RAW, notification, dispatch, 'cron-service': cronService } as const satisfies Record<
  string,
  Format
>;

/** How a run's payload becomes the body of its calls. */
export type BodyFormat = keyof typeof FORMATS;

export type Formatted = Rendered & { readonly body_format?: BodyFormat };

const formatOf = (name: BodyFormat | undefined): Format => FORMATS[name ?? 'raw'];

/** The Content-Type of a body, if its endpoint sets none; undefined without a body. */
export function contentTypeOf(run: Omit<Formatted, 'id'>): string | undefined {
  if (run.payload?.format === 'text') return 'text/plain; charset=utf-8';
  return run.payload || formatOf(run.body_format).json ? 'application/json' : undefined;
}

/** The body of an attempt that is made at `firedAt` (Unix milliseconds). */
export function renderBody(run: Formatted, firedAt: number): Buffer {
  const text = formatOf(run.body_format).json?.(run, firedAt) ?? run.payload?.body ?? '';
  return Buffer.from(text);
}

/**
 * The headers that job notifications and the dialects promise in addition to `webhook-signature`.
 * @param apiKey the API key that signs the calls of the job, if one does
 */
export function formatHeaders(
  format: BodyFormat | undefined,
  signed: FormattedBody,
  apiKey?: string,
): Record<string, string> {
  return {
    ...formatOf(format).headers?.(signed),
    ...(apiKey !== undefined && { 'x-cron-signature': `sha256=${hexHmac(apiKey, signed.body)}` }),
  };
}

/** An id in the form that the dialect of `format` shows; without a dialect in our own form. The digits are the same. */
export function shownId(format: BodyFormat | undefined, id: string): string {
  const { ids = {} } = formatOf(format);
  if (ids === 'uuid') return uuidOf(id);
  const [prefix] = id.split('_') as [IdPrefix];
  const theirs = ids[prefix];
  return theirs === undefined ? id : `${theirs}_${hexOf(id)}`;
}

const UUID = /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/;

/** The id in our own form, given in that form or in a dialect's form; an id in any other form stays as it is. */
export function ownId(prefix: IdPrefix, given: string): string {
  if (UUID.test(given)) return `${prefix}_${given.replaceAll('-', '')}`;
  const theirs = otherPrefixes(prefix).find((other) => given.startsWith(`${other}_`));
  return theirs === undefined ? given : prefix + given.slice(theirs.length);
}

/** The prefixes that dialects put before the digits of such an id. */
export function otherPrefixes(prefix: IdPrefix): string[] {
  return Object.values<Format>(FORMATS).flatMap(({ ids }) =>
    ids === undefined || ids === 'uuid' ? [] : (ids[prefix] ?? []),
  );
}
