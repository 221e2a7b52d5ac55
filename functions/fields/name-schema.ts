import * as z from 'zod/mini';

/**
 * What a reader does not see, or what makes a line look like another one: line and paragraph separators,
 * annotations, and format characters, such as those that turn the direction of the text. Joiners and tags
 * are taken: Persian, Hindi and emoji are written with them. (Halves of surrogate pairs are refused anywhere in a body.)
 */
const HIDDEN =
  /[\p{Zl}\p{Zp}\ufff9-\ufffb]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])(?=\p{Cf})\p{Default_Ignorable_Code_Point}/u;
/** U+2800 is a pattern of braille without a dot. */
const VISIBLE = /(?!\p{Default_Ignorable_Code_Point})[^\s\p{Cc}\p{Cf}\u2800]/u;

/** What people call an object: 1 to 200 characters, all of them to be seen, or between others that are. */
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

/** Such as U+202E. */
function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
