import * as z from 'zod/mini';

type Nullish<Shape extends z.core.$ZodLooseShape> = {
  [Name in keyof Shape]: z.ZodMiniOptional<z.ZodMiniNullable<Shape[Name]>>;
};

/** The fields of a merge patch: each may be left out, or be null. */
export function nullish<Shape extends Record<string, z.core.$ZodType>>(fields: Shape): Nullish<Shape> {
  const all = Object.entries(fields).map(([name, schema]) => [name, z.nullish(schema)]);
  return Object.fromEntries(all) as Nullish<Shape>;
}
