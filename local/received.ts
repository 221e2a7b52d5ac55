/** A request that reached the receiver. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
  /** Moment at which the last byte had arrived, ISO 8601. */
  readonly received_at: string;
}

/** Most requests that the page shows. */
const SHOWN = 100;

/** What arrived at the receiver as a page, newest first. The body is as it was signed.
 * While none of its requests is open, the page loads itself again. */
export function receivedPage(received: readonly Received[], webhookId: string | null): string {
  const count = `${received.length} ${received.length === 1 ? 'request' : 'requests'}`;
  const newest = received.length > SHOWN ? `, the newest ${SHOWN}` : '';
  const of = webhookId === null ? '' : ` of ${escaped(webhookId)} · <a href="/received">all</a>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What arrived · Punctual</title>
<link rel="icon" href="data:,">
<style>
  :root { background: Canvas; color: CanvasText; color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
  body { margin: 24px auto; max-width: 960px; padding: 0 16px }
  details { border-top: 1px solid #8886; padding: 6px 0 }
  summary { cursor: pointer }
  pre, code, th, td { font: 12px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
  th { padding-right: 16px; text-align: left; vertical-align: top; white-space: nowrap }
</style>
<main>
<h1>What arrived</h1>
<p>${count}${newest}${of}</p>
${received.slice(-SHOWN).reverse().map(requestOf).join('\n')}
</main>
<script>setInterval(() => document.querySelector('[open]') || location.reload(), 2000)</script>
</html>`;
}

function requestOf({ method, path, headers, body, received_at }: Received): string {
  const id = String(headers['webhook-id'] ?? '');
  const rows = Object.entries(headers).map(
    ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(String(value))}</td></tr>`,
  );
  const attempt = headers['punctual-attempt'] ? `, attempt ${escaped(String(headers['punctual-attempt']))}` : '';
  return `<details><summary><code>${escaped(received_at)} ${escaped(`${method} ${path}`)}</code>${attempt}</summary>
${id && `<p><a href="/received?webhook_id=${encodeURIComponent(id)}">All attempts of ${escaped(id)}</a></p>`}
<table>${rows.join('')}</table>
<pre>${escaped(body)}</pre>
</details>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
