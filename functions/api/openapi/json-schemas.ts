import * as z from 'zod';
import { moment } from '../../fields/moment-schema.js';
import type { JsonSchema } from './json-schema.js';
import { formats, noteOn } from './notes.js';

/** A time in a request: the one kind of field with two forms, which share this name. */
export const MOMENT_REF = '#/components/schemas/Moment';

const FORMATS: Readonly<Record<string, string>> = { number: 'double', integer: 'int64' };

/** A schema in the form that client generators agree on: no union where a plain type means the same. */
export function inOneForm(schema: JsonSchema): JsonSchema {
  const { anyOf, allOf, ...plain } = sized(schema);
  if (anyOf !== undefined) return { ...plain, ...oneOfThem(anyOf as JsonSchema[]) };
  // Of several rules only the first is kept, because it says the most. The API's own messages explain other refusals.
  if (allOf !== undefined) return { ...plain, ...(allOf as JsonSchema[])[0] };
  return plain;
}

/** Adds the size of a number. Generators read a number without size as 32 bits: a moment was up to a minute off. */
function sized(schema: JsonSchema): JsonSchema {
  const [format] = [schema['type']].flat().flatMap((type) => FORMATS[type] ?? []);
  return format === undefined || 'const' in schema || 'enum' in schema ? schema : { ...schema, format };
}

function oneOfThem(forms: readonly JsonSchema[]): JsonSchema {
  const all = forms.flatMap((form) => (Object.keys(form).join() === 'anyOf' ? (form['anyOf'] as JsonSchema[]) : form));
  const isNull = ({ type }: JsonSchema) => type === 'null';
  const others = withoutNumbersOfMoments(all.filter((form) => !isNull(form)));
  const [only, ...more] = asOneObject(asOnePattern(others));
  if (only === undefined) return { type: 'null' };
  if (Object.keys(only).length === 0) return {}; // any value, null too
  if (more.length > 0) return { anyOf: [only, ...more, ...all.filter(isNull)] };
  if (all.every((form) => !isNull(form))) return only;
  const isPlain =
    typeof only['type'] === 'string' && !('enum' in only) && !('const' in only) && !('properties' in only);
  return isPlain ? { ...only, type: [only['type'], 'null'] } : { anyOf: [only, { type: 'null' }] };
}

/** A union with a moment needs no other number form: a moment may be any number. */
function withoutNumbersOfMoments(forms: readonly JsonSchema[]): readonly JsonSchema[] {
  const isMoment = forms.some(({ $ref }) => $ref === MOMENT_REF);
  return isMoment ? forms.filter(({ type }) => type !== 'number') : forms;
}

/** Merges the kinds of a target: few generators tell the objects of a union apart. What not each of them has is optional. */
function asOneObject(forms: readonly JsonSchema[]): readonly JsonSchema[] {
  if (forms.length < 2 || !forms.every(({ properties }) => properties)) return forms;
  const required = (form: JsonSchema): string[] => form['required'] ?? [];
  const types = forms.flatMap((form) => form['properties'].type?.const ?? []);
  const properties = Object.assign({}, ...forms.map((form) => form['properties']));
  const shared = required(forms[0]!).filter((name) => forms.every((form) => required(form).includes(name)));
  return [{ ...forms[0], properties: { ...properties, type: { type: 'string', enum: types } }, required: shared }];
}

/** Merges strings that differ in their patterns alone. */
function asOnePattern(forms: readonly JsonSchema[]): readonly JsonSchema[] {
  const isText = (form: JsonSchema) => Object.keys(form).sort().join() === 'pattern,type' && form['type'] === 'string';
  if (forms.length < 2 || !forms.every(isText)) return forms;
  return [{ type: 'string', pattern: forms.map(({ pattern }) => pattern).join('|') }];
}

export type Named = Readonly<Record<string, z.core.$ZodType>>;

/** The schemas as JSON Schemas of requests, by name; a schema refers to the named schemas inside it. */
export function jsonSchemas(named: Named): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
    override: (written) => {
      showMoments(written);
      showNumbers(written);
      showDiscriminator(written);
    },
  });
  const schemas = Object.keys(named).map((id) => {
    const { $schema: _schema, $id: _id, id: _name, ...schema } = made.schemas[id]!;
    return [id, tidied(schema) as JsonSchema] as const;
  });
  const names = namesByForm(schemas);
  const byName = Object.fromEntries(schemas);
  return Object.fromEntries(schemas.map(([id, schema]) => [id, noted(id, mapped(within(schema, names), byName))]));
}

interface Written {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: JsonSchema;
}

function rewrite(jsonSchema: JsonSchema, as: object): void {
  for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
  Object.assign(jsonSchema, as);
}

/** Refers to the handwritten `Moment` wherever a moment is read, also with further checks or from a query. */
function showMoments({ zodSchema, jsonSchema }: Written): void {
  const def = partsOf(zodSchema);
  const own = partsOf(moment);
  const isMoment = def.type === own.type && def.in === own.in && def.options === own.options;
  if (isMoment || def.out === moment) rewrite(jsonSchema, { $ref: MOMENT_REF });
}

interface Parts {
  readonly type: string;
  readonly in?: unknown;
  readonly out?: unknown;
  readonly options?: unknown;
}
const partsOf = (schema: z.core.$ZodType): Parts => schema._zod.def as Parts;

/** Shows a query parameter that is read as a number as a number, although its text is a string. */
function showNumbers({ zodSchema, jsonSchema }: Written): void {
  const { def } = zodSchema._zod;
  if (def.type !== 'pipe' || def.out._zod.def.type !== 'number') return;
  const { $schema: _schema, ...number } = z.toJSONSchema(def.out);
  rewrite(jsonSchema, number);
}

/** Adds the field by which a client tells the forms of a union apart. */
function showDiscriminator({ zodSchema, jsonSchema }: Written): void {
  const { def } = zodSchema._zod;
  if (def.type === 'union' && 'discriminator' in def)
    jsonSchema['discriminator'] = { propertyName: def['discriminator'] };
}

/** The schema without meaningless keywords, in one form. */
function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== 'object' || value === null) return value;
  const { properties, ...others } = value as JsonSchema;
  const kept = Object.entries(others).filter(([keyword, its]) => !saysNothing(keyword, its, value as JsonSchema));
  const plain = kept.map(([keyword, its]) => [keyword, keyword === 'pattern' ? portable(its) : tidied(its)]);
  if (properties === undefined) return inOneForm(Object.fromEntries(plain));
  const fields = Object.entries(properties as JsonSchema).map(([name, field]) => [name, tidied(field)]);
  return { ...Object.fromEntries(plain), properties: Object.fromEntries(fields) };
}

/** Meaningless: bounds of 2^53, names that are text, and a pattern beside a format, which tells readers more. */
function saysNothing(keyword: string, value: unknown, { format }: JsonSchema): boolean {
  if (keyword === 'propertyNames') return (value as JsonSchema)['type'] === 'string';
  return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER || (keyword === 'pattern' && format !== undefined);
}

/** Replaces character classes that many tools do not know. Most tools accept only well-formed text anyway. */
function portable(pattern: string): string {
  return pattern.replaceAll('\\P{Cc}', '[^\\u0000-\\u001f\\u007f-\\u009f]').replaceAll('\\P{Cs}', '[\\s\\S]');
}

/** Names of objects and enums, by the form of their schemas. */
function namesByForm(schemas: readonly (readonly [string, JsonSchema])[]): ReadonlyMap<string, string> {
  const worthy = schemas.filter(([, schema]) => schema['properties'] || schema['enum'] || schema['anyOf']);
  return new Map(worthy.map(([id, schema]): [string, string] => [formOf(schema), id]).reverse());
}

const formOf = (schema: JsonSchema): string => {
  const { default: _default, ...form } = schema;
  return JSON.stringify(Object.entries(form).sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Replaces each schema that equals a named schema by a reference, so that clients get one type for it. */
function referring(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => referring(one, names));
  if (typeof value !== 'object' || value === null) return value;
  const name = names.get(formOf(value));
  if (name === undefined) return within(value, names);
  return { $ref: `#/components/schemas/${name}`, ...('default' in value && { default: value.default }) };
}

function within(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).map(([keyword, its]) => [keyword, referring(its, names)]));
}

/** Adds the form that each value of the discriminator means. */
function mapped(schema: JsonSchema, byName: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const { discriminator, oneOf } = schema;
  if (discriminator === undefined) return schema;
  const { propertyName } = discriminator;
  const mapping = (oneOf as JsonSchema[]).map(({ $ref }) => {
    const form = byName[$ref.slice($ref.lastIndexOf('/') + 1)]!;
    return [form['properties'][propertyName].const, $ref];
  });
  return { ...schema, discriminator: { propertyName, mapping: Object.fromEntries(mapping) } };
}

/** Adds the notes on the schema's fields; `owner` is the name of the schema or row that has the fields. */
function noted(owner: string, schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf, ...others } = schema;
  const fields = Object.entries<JsonSchema>(properties ?? {}).map(([name, field]) => {
    const { default: otherwise, ...plain } = noted(owner, field);
    const description = [noteOn(owner, name), byDefault(otherwise)].filter(Boolean).join(' ');
    const format = plain['type'] === undefined ? {} : (formats[`${owner}.${name}`] ?? formats[name]);
    return [name, { ...plain, ...format, ...(description && { description }) }];
  });
  return {
    ...others,
    ...(properties && { properties: Object.fromEntries(fields) }),
    ...(items && { items: noted(owner, items) }),
    ...(anyOf && { anyOf: anyOf.map((form: JsonSchema) => noted(owner, form)) }),
  };
}

/**
 * A default in words. With the keyword `default`, generators require the field or send the default themselves; an
 * omitted field must stay omitted, so that the service decides.
 */
function byDefault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? 'None by default.' : `By default ${value}.`;
}
