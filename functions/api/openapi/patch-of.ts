import * as z from 'zod';

/** The merge patches (RFC 7396) of what this schema describes: every field may be left out, or be null to go away. */
export function patchOf({ shape }: z.ZodObject) {
  const fields = Object.entries(shape).map(([name, field]) => [name, patched(field as z.ZodType).nullish()]);
  return z.strictObject(Object.fromEntries(fields) as Record<string, z.ZodType>);
}

/** Without its default, since what a patch leaves out stays as it is. */
function patched(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional) return patched(field.unwrap() as z.ZodType);
  if (field instanceof z.ZodObject) return patchOf(field);
  return field instanceof z.ZodRecord ? z.record(z.string(), z.string().nullable()) : field;
}
