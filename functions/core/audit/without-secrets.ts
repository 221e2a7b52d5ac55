const HIDDEN = '***';
/** Shown once, and to nobody else; and what a customer sends, which is none of an audit's business. */
const SECRETS: ReadonlySet<string> = new Set(['key', 'signing_secret', 'token', 'payload', 'body', 'response_body']);
/** Whose values may be credentials. */
const HEADERS = /^(request_|response_)?headers$/;
const URLS = /^(url|targetUrl|webhookUrl)$/;

/** What the API shows of an object, as it may be kept for long: values of secrets, payloads, headers and queries hidden. */
export function withoutSecrets(shown: unknown): unknown {
  if (Array.isArray(shown)) return shown.map(withoutSecrets);
  if (!isObject(shown)) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, hidden(name, value)]));
}

function hidden(name: string, value: unknown): unknown {
  if (SECRETS.has(name) && value !== null) return HIDDEN;
  if (HEADERS.test(name) && isObject(value))
    return Object.fromEntries(Object.keys(value).map((header) => [header, HIDDEN]));
  if (URLS.test(name) && typeof value === 'string') return withoutQuery(value);
  return withoutSecrets(value);
}

/** A token in the query, or a password before the host, is as good as a header. */
function withoutQuery(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#]*@/, `$1${HIDDEN}@`).replace(/\?.*$/, `?${HIDDEN}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
