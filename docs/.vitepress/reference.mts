import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package that brings Scalar. */
export const SCALAR = 'node_modules/@scalar/fastify-api-reference';

/** What each reader's browser runs: our own document, and no call to another origin. */
const SETTINGS = `Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  servers: [{ url: location.origin }],
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  favicon: '/docs/favicon.svg',
  defaultOpenFirstTag: false,
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  hiddenClients: ${JSON.stringify(hidden())},
});
`;

/** Examples are in curl, JavaScript (and so TypeScript), Python and Go. */
function hidden(): object {
  const whole = ['c', 'clojure', 'csharp', 'dart', 'fsharp', 'http', 'java', 'julia', 'kotlin', 'objc', 'ocaml', 'php'];
  return {
    ...Object.fromEntries([...whole, 'powershell', 'r', 'ruby', 'rust', 'swift'].map((name) => [name, true])),
    shell: ['httpie', 'wget'],
    js: ['axios', 'jquery', 'ofetch', 'xhr'],
    node: true,
    python: ['python3', 'httpx_sync', 'httpx_async', 'aiohttp'],
  };
}

/** The API's reference, a page that loads Scalar. */
export function writeReference(outDir: string, base: string): void {
  const sources = [scalarBundle(), SETTINGS].map((text) => {
    const name = `assets/reference.${createHash('sha256').update(text).digest('hex').slice(0, 8)}.js`;
    writeFileSync(join(outDir, name), text);
    return `<script src="${base}${name}"></script>`;
  });
  writeFileSync(
    join(outDir, 'reference.html'),
    `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>The API | Punctual</title><link rel="icon" href="${base}favicon.svg"></head>
<body style="margin: 0"><p style="margin: 1em; font-family: sans-serif"><a href="${base}">Documentation</a></p><div id="reference"></div>${sources.join('')}</body>
</html>
`,
  );
}

/** The one file for browsers lies beside Scalar's plugin for Fastify; Scalar's own package would bring 280 others. */
function scalarBundle(): string {
  const plugin = fileURLToPath(import.meta.resolve('@scalar/fastify-api-reference'));
  return readFileSync(join(dirname(plugin), 'js/standalone.js'), 'utf8');
}
