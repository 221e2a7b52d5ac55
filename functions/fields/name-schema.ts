import * as z from 'zod/mini';

/**
 * Characters that are invisible, or that make a line look like another line: line and paragraph separators,
 * annotations, and format characters, such as those that change the direction of the text. Joiners and tags are
 * allowed: Persian, Hindi and emoji need them. (Halves of surrogate pairs are refused anywhere in a body.)
 */
const HIDDEN =
  /[\p{Zl}\p{Zp}\ufff9-\ufffb]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])(?=\p{Cf})\p{Default_Ignorable_Code_Point}/u;
/** At least one visible character. U+2800 is a braille pattern without a dot. */
const VISIBLE = /(?!\p{Default_Ignorable_Code_Point})[^\s\p{Cc}\p{Cf}\u2800]/u;

/** The name of an object: 1 to 200 characters, without hidden characters, at least one of them visible. */
export const nameSchema = z.string().check(
  z.regex(/^\P{Cc}{1,200}$/u, {
    error: 'Must have 1 to 200 characters, without line breaks, tabs or other control characters.',
    abort: true,
  }),
  z.superRefine((name, context) => {
    const [hidden] = HIDDEN.exec(name) ?? [];
    const message =
      hidden !== undefined
        ? `Leave ${codePoint(hidden)} out: it is not seen, or changes how the rest is shown.`
        : !VISIBLE.test(name) && 'Must have at least one character that can be seen.';
    if (message) context.addIssue({ code: 'custom', message });
  }),
);

/** The key by which an object is put. API Gateway decodes a path, and cuts it at an encoded question mark. */
export const keySchema = nameSchema.check(z.regex(/^[^%/?]*$/, 'Must be without %, / and ?.'));

/** Such as U+202E. */
function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
