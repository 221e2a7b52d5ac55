import { createHash } from 'node:crypto';
import { Html, html, joined, NOTHING } from './html.js';
import type { JsonSchema } from './json-schema.js';
import style from './page.css';
import { fieldTable, schemaDetails, typeOf } from './page-schemas.js';

const STYLE_HASH = createHash('sha256').update(style).digest('base64');

/** The page's Content-Security-Policy: its own style, and nothing else at all. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'`;

/** An OpenAPI document of ours as a page to read: no script, nothing to load. */
export function renderPage({ info, tags, paths, webhooks, components }: JsonSchema): string {
  const all = { ...paths, ...webhooks };
  const operations = Object.entries<JsonSchema>(all).flatMap(([path, methods]) =>
    Object.entries<JsonSchema>(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const names: string[] = tags.map(({ name }: JsonSchema) => name);
  const sections = tags.map(({ name, description }: JsonSchema) => {
    const mine = operations.filter(({ operation }) => operation['tags'].includes(name));
    return html`<h2 id="${anchorOf(name)}">${name}</h2>
<p>${description}</p>
${mine.map((one) => operationDetails(one, components))}`;
  });
  const links = [
    ...names.map((name) => [anchorOf(name), name]),
    ['credentials', 'credentials'],
    ['schemas', 'schemas'],
  ];
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title} ${info.version}</title><style>${new Html(style)}</style>
<h1>${info.title} ${info.version}</h1>
<p>${info.description} The same <a href="openapi.json">as OpenAPI 3.1</a>.</p>
<nav>${links.map(([id, name]) => html`<a href="#${id!}">${name!}</a> `)}</nav>
${sections}
<h2 id="credentials">credentials</h2>
${credentialTable(components.securitySchemes)}
<h2 id="schemas">schemas</h2>
${Object.entries<JsonSchema>(components.schemas).map(([name, schema]) => schemaDetails(name, schema))}</html>
`.text;
}

const anchorOf = (tag: string): string => `tag-${tag.replaceAll(' ', '-')}`;

interface Row {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonSchema;
}

function operationDetails({ path, method, operation }: Row, components: JsonSchema): Html {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  const taken = parameters.map((parameter: JsonSchema) => parameterRow(resolved(parameter, components)));
  const body = requestBody?.content['application/json'].schema;
  const answers = Object.entries<JsonSchema>(responses).map(([status, answer]) =>
    answerRow(status, resolved(answer, components)),
  );
  return html`<details><summary><b>${method.toUpperCase()}</b> <code>${path}</code></summary><div id="${operationId}">
<p>${summary}${description ? html` ${description}` : NOTHING}</p>${path.startsWith('/') ? html`<p>${credentialsOf(security)}</p>` : NOTHING}
<table>${taken}${body ? html`<tr><td>body<td>${typeOf(body)}<td></tr>` : NOTHING}</table>${body?.properties ? fieldTable(body) : NOTHING}
<table>${answers}</table></div></details>
`;
}

function parameterRow({ name, in: where, required, schema, description = '' }: JsonSchema): Html {
  return html`<tr><td><code>${name}</code>${required ? '' : ' (optional)'}<td>${where}, ${typeOf(schema)}<td>${description}</tr>`;
}

function answerRow(status: string, { description, content = {} }: JsonSchema): Html {
  const bodies = Object.entries<JsonSchema>(content).map(([type, { schema }]) =>
    type === 'application/json' ? typeOf(schema) : html`${typeOf(schema)} (${type})`,
  );
  return html`<tr><td>${status}<td>${joined(bodies, ', ')}<td>${description}</tr>`;
}

function credentialsOf(security: readonly object[]): Html {
  if (security.length === 0) return html`Needs no credential.`;
  const ways = security.map((all) => html`${Object.keys(all).join(' + ')}`);
  return html`<a href="#credentials">Credential</a>: ${joined(ways, ', or ')}.`;
}

function credentialTable(schemes: Readonly<Record<string, JsonSchema>>): Html {
  const rows = Object.entries(schemes).map(
    ([id, { name = 'Authorization: Bearer', description }]) =>
      html`<tr><td>${id}<td><code>${name}</code><td>${description}</tr>`,
  );
  return html`<table>${rows}</table>`;
}

/** What stands behind a reference into the components. */
function resolved(value: JsonSchema, components: JsonSchema): JsonSchema {
  const [kind, name] = (value['$ref'] ?? '').split('/').slice(-2);
  return kind && name ? components[kind][name] : value;
}
