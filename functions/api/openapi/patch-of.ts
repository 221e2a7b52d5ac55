import * as z from 'zod/mini';

/** The merge patches of what this schema describes: every field may be left out, or be null to go away. */
export function patchOf({ shape }: z.ZodMiniObject) {
  const fields = Object.entries(shape).map(([name, field]) => [name, z.nullish(patched(field))]);
  return z.strictObject(Object.fromEntries(fields) as Record<string, z.core.$ZodType>);
}

/** Without its default, since what a patch leaves out stays as it is. */
function patched(field: z.core.$ZodType): z.core.$ZodType {
  if (field instanceof z.ZodMiniDefault || field instanceof z.ZodMiniOptional) return patched(field.def.innerType);
  return field instanceof z.ZodMiniObject ? patchOf(field) : field;
}
