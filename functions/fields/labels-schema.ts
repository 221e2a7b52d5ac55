import * as z from 'zod/mini';

/** What a customer finds an object by: pairs of key and value. */
export type Labels = Readonly<Record<string, string>>;

const MOST_LABELS = 16;
const KEY = '[A-Za-z0-9_.-]{1,64}';
const VALUE = '\\P{Cc}{1,128}';

const value = z
  .string()
  .check(z.regex(new RegExp(`^${VALUE}$`, 'u'), 'Must have 1 to 128 characters, without control characters.'));

export const labelsSchema = z.record(z.string(), value).check(
  z.superRefine((labels, context) => {
    const keys = Object.keys(labels);
    // `__proto__` would be no field of a copied object.
    for (const key of keys)
      if (!new RegExp(`^${KEY}$`).test(key) || key === '__proto__')
        context.addIssue({
          code: 'custom',
          path: [key],
          message: 'A key has 1 to 64 characters of A-Z, a-z, 0-9, _ . -',
        });
    if (keys.length > MOST_LABELS)
      context.addIssue({ code: 'custom', message: `Must have at most ${MOST_LABELS} labels.` });
  }),
);

/** `key:value`, as lists are filtered by it. */
export const labelFilter = {
  label: z.optional(
    z
      .array(z.string().check(z.regex(new RegExp(`^${KEY}:${VALUE}$`, 'u'), 'Must be key:value.')))
      .check(z.maxLength(MOST_LABELS)),
  ),
};

/** Labels as `key:value`. */
export function labelTexts(labels: Labels = {}): string[] {
  return Object.entries(labels).map(([key, text]) => `${key}:${text}`);
}

/** Whether all of these `key:value` are among the labels. */
export function hasLabels(labels: Labels | undefined, wanted: readonly string[] = []): boolean {
  const texts = labelTexts(labels);
  return wanted.every((text) => texts.includes(text));
}
