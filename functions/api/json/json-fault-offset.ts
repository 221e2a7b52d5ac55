/** What may come next; `first …` also lets the object or array end. */
type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma or end';

const CLOSING = { '{': '}', '[': ']' } as const;

/**
 * Where a text that JSON.parse refuses stops being JSON: the offset of the first token that cannot be right, or the text's
 * length when it ends too early. V8 itself tells it in some messages only. Linear, without recursion.
 */
export function jsonFaultOffset(text: string): number {
  const open: (keyof typeof CLOSING)[] = [];
  let expected: Expected = 'value';
  for (let at = afterSpace(text, 0); at < text.length; at = afterSpace(text, at)) {
    const char = text[at]!;
    const holder = open.at(-1);
    if (holder && char === CLOSING[holder] && (expected === 'comma or end' || expected.startsWith('first'))) {
      open.pop();
      expected = 'comma or end';
      at += 1;
    } else if (expected === 'comma or end' || expected === 'colon') {
      if (char !== (expected === 'colon' ? ':' : ',') || holder === undefined) return at;
      expected = expected === 'comma or end' && holder === '{' ? 'key' : 'value';
      at += 1;
    } else if (expected.endsWith('value') && (char === '{' || char === '[')) {
      open.push(char);
      expected = char === '{' ? 'first key' : 'first value';
      at += 1;
    } else {
      if (expected.endsWith('key') && char !== '"') return at;
      const end = char === '"' ? stringEnd(text, at) : wordEnd(text, at);
      if (end > text.length) return text.length;
      if (!isJson(text.slice(at, end))) return at;
      expected = expected.endsWith('key') ? 'colon' : 'comma or end';
      at = end;
    }
  }
  return text.length;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (' \t\n\r'.includes(text[at] ?? 'end')) at += 1;
  return at;
}

/** Behind the closing quote; beyond the text's end when there is none. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Behind a number, true, false, null, or what stands in their place. */
function wordEnd(text: string, from: number): number {
  let at = from;
  while (/[\w.+-]/.test(text[at] ?? ' ')) at += 1;
  return at;
}

function isJson(token: string): boolean {
  try {
    JSON.parse(token);
    return true;
  } catch {
    return false;
  }
}
