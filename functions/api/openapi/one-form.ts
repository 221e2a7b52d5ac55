import type { JsonSchema } from './json-schema.js';

/** Where a time comes in: the one field that has two forms, under one name. */
export const MOMENT_REF = '#/components/schemas/Moment';

const FORMATS: Readonly<Record<string, string>> = { number: 'double', integer: 'int64' };

/** A schema in the one form that generators of clients agree on: no union where a plain type says the same. */
export function inOneForm(schema: JsonSchema): JsonSchema {
  const { anyOf, allOf, ...plain } = sized(schema);
  if (anyOf !== undefined) return { ...plain, ...oneOfThem(anyOf as JsonSchema[]) };
  // Rules beside each other: the first says the most, and what is refused all the same is refused in words.
  if (allOf !== undefined) return { ...plain, ...(allOf as JsonSchema[])[0] };
  return plain;
}

/** Without a size, a number is read as one of 32 bits: a moment in seconds was up to a minute off. */
function sized(schema: JsonSchema): JsonSchema {
  const [format] = [schema['type']].flat().flatMap((type) => FORMATS[type] ?? []);
  return format === undefined || 'const' in schema || 'enum' in schema ? schema : { ...schema, format };
}

function oneOfThem(forms: readonly JsonSchema[]): JsonSchema {
  const all = forms.flatMap((form) => (Object.keys(form).join() === 'anyOf' ? (form['anyOf'] as JsonSchema[]) : form));
  const isNull = ({ type }: JsonSchema) => type === 'null';
  const others = withoutNumbersOfMoments(all.filter((form) => !isNull(form)));
  const [only, ...more] = asOnePattern(others);
  if (only === undefined) return { type: 'null' };
  if (Object.keys(only).length === 0) return {}; // any value, null too
  if (more.length > 0) return { anyOf: [only, ...more, ...all.filter(isNull)] };
  if (all.every((form) => !isNull(form))) return only;
  const isPlain =
    typeof only['type'] === 'string' && !('enum' in only) && !('const' in only) && !('properties' in only);
  return isPlain ? { ...only, type: [only['type'], 'null'] } : { anyOf: [only, { type: 'null' }] };
}

/** A moment may be any number already. */
function withoutNumbersOfMoments(forms: readonly JsonSchema[]): readonly JsonSchema[] {
  const isMoment = forms.some(({ $ref }) => $ref === MOMENT_REF);
  return isMoment ? forms.filter(({ type }) => type !== 'number') : forms;
}

/** Texts that differ in their patterns alone are one text. */
function asOnePattern(forms: readonly JsonSchema[]): readonly JsonSchema[] {
  const isText = (form: JsonSchema) => Object.keys(form).sort().join() === 'pattern,type' && form['type'] === 'string';
  if (forms.length < 2 || !forms.every(isText)) return forms;
  return [{ type: 'string', pattern: forms.map(({ pattern }) => pattern).join('|') }];
}
