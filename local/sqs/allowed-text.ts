/** Text that XML 1.0 allows (API reference of SendMessage); with the `u` flag lone surrogates fail, too. */
const ALLOWED = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

export function isAllowedText(text: string): boolean {
  return ALLOWED.test(text);
}

export const DISALLOWED_TEXT =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
