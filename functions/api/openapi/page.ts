import { Html, html, joined, NOTHING } from '../../primitives/html.js';
import type { JsonSchema } from './json-schema.js';
import style from './page.css';

/** The type of a value, in words; named schemas are links. */
export function typeOf(schema: JsonSchema): Html {
  if (schema['$ref']) return linkTo(schema['$ref']);
  const forms: readonly JsonSchema[] | undefined = schema['anyOf'] ?? schema['oneOf'];
  if (forms) return joined(forms.map(typeOf), ' or ');
  if (Array.isArray(schema['type']))
    return joined(
      schema['type'].map((type) => (type === 'null' ? html`null` : typeOf({ ...schema, type }))),
      ' or ',
    );
  if ('const' in schema) return literal(schema['const']);
  if (schema['enum']) return joined((schema['enum'] as unknown[]).map(literal), ' | ');
  if (schema['type'] === 'array') return html`list of ${typeOf(schema['items'])}`;
  if (schema['contentSchema']) return html`lines of ${typeOf(schema['contentSchema'])}`;
  return html`${formatOf(schema) ?? schema['type'] ?? 'any JSON'}${boundsOf(schema)}`;
}

/** A named schema: its fields, or its type, and an example. */
export function schemaDetails(name: string, schema: JsonSchema): Html {
  const forms: readonly JsonSchema[] = schema['oneOf'] ?? schema['anyOf'] ?? [schema];
  const tables = forms.map((form) => (form['properties'] ? fieldTable(form) : html`<p>${typeOf(form)}</p>`));
  const [example] = schema['examples'] ?? [];
  const { description } = schema;
  const text = description ? html`<p>${description}</p>` : NOTHING;
  return html`<details><summary><b>${name}</b></summary><div id="${name}">${text}${tables}${exampleOf(example)}</div></details>
`;
}

export function exampleOf(example: unknown): Html {
  return example === undefined ? NOTHING : html`<pre>${JSON.stringify(example, undefined, 2)}</pre>`;
}

const linkTo = (ref: string): Html => {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  return html`<a href="#${name}">${name}</a>`;
};

const literal = (value: unknown): Html => html`<code>${JSON.stringify(value)}</code>`;

/** The format of a value; the size of a number is for programs alone. */
const formatOf = ({ type, format }: JsonSchema): string | undefined =>
  type === 'number' || type === 'integer' ? undefined : format;

function boundsOf({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined && maximum === undefined) return '';
  return maximum === undefined ? ` from ${minimum}` : ` ${minimum ?? 0} to ${maximum}`;
}

export function fieldTable({ properties, required = [] }: JsonSchema): Html {
  const rows = Object.entries<JsonSchema>(properties).flatMap(([name, field]) => [
    html`<tr><td><code>${name}</code>${required.includes(name) ? '' : ' (optional)'}<td>${typeOf(field)}<td>${field['description'] ?? ''}</tr>
`,
    ...nested(name, field),
  ]);
  return html`<table>${rows}</table>`;
}

/** The fields of an object without a name, shown in place. */
function nested(name: string, field: JsonSchema): Html[] {
  const inside: JsonSchema = field['items'] ?? field;
  if (inside['properties'] === undefined) return [];
  return [html`<tr><td>&nbsp;<td colspan="2"><i>${name}:</i> ${fieldTable(inside)}</tr>`];
}

/** Our OpenAPI document as a page: no script, nothing to load. */
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
  const {
    operationId,
    summary,
    description,
    security,
    'x-permission': needs,
    parameters = [],
    requestBody,
    responses,
  } = operation;
  const taken = parameters.map((parameter: JsonSchema) => parameterRow(resolved(parameter, components)));
  const body = requestBody?.content['application/json'].schema;
  const answers = Object.entries<JsonSchema>(responses).map(([status, answer]) =>
    answerRow(status, resolved(answer, components)),
  );
  return html`<details><summary><b>${method.toUpperCase()}</b> <code>${path}</code></summary><div id="${operationId}">
<p>${summary}${description ? html` ${description}` : NOTHING}</p>${path.startsWith('/') ? html`<p>${credentialsOf(security)}${needs ? html` Permission: <b>${needs}</b>.` : NOTHING}</p>` : NOTHING}
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

/** The component behind a reference; any other value unchanged. */
function resolved(value: JsonSchema, components: JsonSchema): JsonSchema {
  const [kind, name] = (value['$ref'] ?? '').split('/').slice(-2);
  return kind && name ? components[kind][name] : value;
}
