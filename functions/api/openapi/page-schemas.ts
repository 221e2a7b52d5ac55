import { type Html, html, joined, NOTHING } from './html.js';
import type { JsonSchema } from './json-schema.js';

/** What a value may be, in words; schemas with a name as links. */
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

/** The size of a number says something to programs alone. */
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

/** An object without a name shows its fields where it stands. */
function nested(name: string, field: JsonSchema): Html[] {
  const inside: JsonSchema = field['items'] ?? field;
  if (inside['properties'] === undefined) return [];
  return [html`<tr><td>&nbsp;<td colspan="2"><i>${name}:</i> ${fieldTable(inside)}</tr>`];
}
