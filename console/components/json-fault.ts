import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';

/** The first fault of a JSON text, in words and with its place; undefined for JSON and for an empty text. */
export function jsonFault(text: string): string | undefined {
  if (text.trim() === '' || isJson(text)) return undefined;
  const faults: ParseError[] = [];
  parse(text, faults, { disallowComments: true });
  const [first] = faults;
  if (first === undefined) return 'This is no JSON.';
  const before = text.slice(0, first.offset).split('\n');
  const words = printParseErrorCode(first.error).replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `This is no JSON. ${words}: line ${before.length}, column ${before.at(-1)!.length + 1}.`;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
