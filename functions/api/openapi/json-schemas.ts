import * as z from 'zod';
import { formats, notes } from './notes.js';

/** A JSON Schema of draft 2020-12, which OpenAPI 3.1 takes as it is. */
// biome-ignore lint/suspicious/noExplicitAny: JSON Schema is whatever a keyword makes of it
export type JsonSchema = Record<string, any>;

export interface Named {
  readonly schema: z.core.$ZodType;
  readonly example?: unknown;
}

/** The schemas as JSON Schemas of what is sent, by name; where one of them holds another one, it refers to it. */
export function jsonSchemas(named: Readonly<Record<string, Named>>): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, { schema }] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
    override: showNumbers,
  });
  return Object.fromEntries(
    Object.entries(named).map(([id, { example }]) => {
      const { $schema: _schema, $id: _id, id: _name, ...schema } = tidied(schemas[id]!) as JsonSchema;
      return [id, { ...schema, ...(example !== undefined && { examples: [example] }) }];
    }),
  );
}

/** A query parameter is text, but read as a number it is one for whoever writes it. */
function showNumbers({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  const { def } = zodSchema._zod;
  if (def.type !== 'pipe' || def.out._zod.def.type !== 'number') return;
  for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
  const { $schema: _schema, ...number } = z.toJSONSchema(def.out);
  Object.assign(jsonSchema, number);
}

/** Without what says nothing, and with what its name alone says of a field. */
function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== 'object' || value === null) return value;
  const { properties, ...others } = value as JsonSchema;
  const kept = Object.entries(others).filter(([keyword, its]) => !saysNothing(keyword, its, value as JsonSchema));
  const plain = Object.fromEntries(
    kept.map(([keyword, its]) => [keyword, keyword === 'pattern' ? portable(its) : tidied(its)]),
  );
  if (properties === undefined) return plain;
  const fields = Object.entries(properties as JsonSchema).map(([name, field]) => [name, noted(name, tidied(field))]);
  return { ...plain, properties: Object.fromEntries(fields) };
}

/** Every integer is within 2^53 here, a member's name is always text, and a format says more to people than its pattern. */
function saysNothing(keyword: string, value: unknown, { format }: JsonSchema): boolean {
  if (keyword === 'propertyNames') return (value as JsonSchema)['type'] === 'string';
  return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER || (keyword === 'pattern' && format !== undefined);
}

/** Without the character classes that many a tool does not know. Text in JSON is well-formed in most of them anyway. */
function portable(pattern: string): string {
  return pattern.replaceAll('\\P{Cc}', '[^\\u0000-\\u001f\\u007f-\\u009f]').replaceAll('\\P{Cs}', '[\\s\\S]');
}

function noted(name: string, field: unknown): unknown {
  const more = { ...(formats[name] && { format: formats[name] }), ...(notes[name] && { description: notes[name] }) };
  return { ...(field as JsonSchema), ...more };
}
